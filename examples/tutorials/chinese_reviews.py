"""Chinese reviews

Restaurant reviews in Chinese with texts that are garbled, empty, truncated or mislabelled. Nothing has to be set for
Chinese: characters are counted as characters, and `。` ends a sentence.

---
中文评论

一批中文餐饮评论，其中有乱码、空评论、被截断的文本和标错的标签。处理中文不需要任何设置：按字计数，句号“。”就是句末。
"""

import pandas as pd
import pyarrow as pa

import karat
from karat.cli.demos.text import reviews
from karat.cli.demos.zh import CHINESE

# %% 900 generated reviews of restaurants with planted defects
# zh 900 条生成的餐饮评论，问题是预先埋入的。
planted = reviews(CHINESE, seed=22)
table = pa.table(planted.columns)
table.to_pandas().to_csv("reviews.csv", index=False)
print(table.to_pandas().head(3).to_string(index=False))

# %% What is wrong? Nothing has to be set for Chinese
# zh 有哪些问题？无需为中文做任何设置。
found = karat.assess("reviews.csv", target="sort")
print(found)
findings = found.findings.to_pandas()
sure = findings[(findings["confidence"] >= 0.5) & findings["row"].notna()]
for check, group in sure.groupby("check"):
    first = group.iloc[0]
    print(f"{check} ({len(group)}): record {first['row']:.0f} {first['value'][:24]!r}")

# %% Cleaning restores garbled text from its bytes
# zh 清洗时，乱码按原始字节还原成正确的文字。
cleaned = karat.clean("reviews.csv", target="sort", out="runs/reviews")
print(cleaned)
ledger = cleaned.ledger.to_pandas()
for change in ledger[ledger["action"] == "set"].drop_duplicates("check").itertuples():
    print(f"{change.check}, record {change.row}\n- {change.before[:40]!r}\n+ {change.after[:40]!r}")

# %% What needs review
# zh 哪些需要人工审核。
review = cleaned.review.to_pandas()
print(review["check"].value_counts().head(5).to_string())

# %% Two reviews that say nearly the same
# zh 单独调用两个函数：找近重复文本（逐对核实相似度），以及按中文规则判断该不该保留。
texts = [
    "这家店的牛肉面很好吃，汤也不错，下次还来。",
    "这家店的牛肉面很好吃，汤也不错，下次还会来。",
    "送餐太慢，包装也坏了，差评。",
]
pairs = karat.clean.near_duplicates(texts, threshold=0.6)
print(pairs.to_pandas().round(2).to_string(index=False))
print(pd.Series(karat.clean.judge_text(texts, profile="zh")["keep"].to_pylist(), index=["甲", "乙", "丙"]).to_dict())
