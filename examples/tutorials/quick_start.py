"""Quick start

From a raw file to a cleaned data set, a proof of what the cleaning was worth, and a trained model.
The data are 7,367 film ratings that come with Karat: generated, so that we know what is wrong with them.

---
快速上手

五分钟：从一份原始文件，到清洗好的数据、清洗收益的证明，以及训练好的模型。数据是 Karat 自带的 7,367 条电影评分，
由程序生成，因此我们确切知道其中埋了哪些问题。
"""

# %% A log of ratings as it comes in: a program gave ratings on a beat, a crowd was paid, a batch was sent three times.
# zh 原始评分日志：有程序按固定节拍刷分，有人雇水军打分，还有一批日志被重复发送了三次。
import pandas as pd

import karat
from karat.cli.demos.recommend import ratings

planted = ratings(220, 100)
table = pd.DataFrame(planted.columns)
table.to_csv("ratings.csv", index=False)
print(table.head(3).to_string(index=False))

# %% One call finds, fixes, proves and trains. In a terminal: `karat run ratings.csv --allow RobotUsers`. Robots wrote
# more than 5 % of the records here; without `allow`, Karat would stop and ask before it removes that many.
# zh 一次调用即可完成检查、修复、证明和训练；命令行写法是 `karat run ratings.csv --allow RobotUsers`。
# zh 这里机器人写入的记录超过 5%，不加 `allow` 时 Karat 会先停下来征求同意，而不会擅自删除这么多数据。
run = karat.run("ratings.csv", out="runs/ratings", allow=["RobotUsers"])
print(run)

# %% What was found. Every finding has a record, a check, a confidence and its evidence in words.
# zh 发现了什么：每条发现都写明记录号、检查项、置信度和文字证据。
findings = run.findings.to_pandas()
print(findings.loc[findings["confidence"] >= 0.5, "check"].value_counts().to_string())
for finding in findings.sort_values("confidence", ascending=False).drop_duplicates("check").head(3).itertuples():
    print(f"\nrecord {finding.row:.0f}, {finding.check}, confidence {finding.confidence:.2f}\n{finding.message}")

# %% What was changed. Nothing leaves without a row in the ledger, and everything can be taken back.
# zh 改了什么：任何改动都会记入账本（ledger），而且都能撤销。
print(run.ledger.to_pandas()["check"].value_counts().to_string())
print(run.accounting)
print(run.undo().num_rows, "records after undo")

# %% What it was worth: the same recommender, trained on the raw and on the cleaned log, asked about raw later events.
# zh 值不值：用同样的推荐模型分别在原始日志和清洗后的日志上训练，再用之后发生的原始事件检验。
proof = run.lift
print(f"{proof.metric}: {proof.raw.value:.3f} on raw data, {proof.refined.value:.3f} on cleaned data")
print(f"lift {proof.lift:+.3f}, 95 % interval [{proof.low:+.3f}, {proof.high:+.3f}]")
print(f"placebo (as many records of random users removed) {proof.placebo.lift:+.3f}")
print("verdict:", proof.verdict)
