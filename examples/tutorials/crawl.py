"""A crawl

A small crawl of reports in English and Chinese among menus, keyword pages and copies. Documents are judged, copies and
personal data are taken out, and what is left becomes training shards.

---
网页语料

一份小型网页抓取：中英文报告，夹杂菜单页、关键词堆砌页和重复页。先判定文档质量，再去重、脱敏，最后写成训练分片。
"""

import json
from pathlib import Path

import karat
from karat.cli.demos.corpus import documents

# %% 400 generated pages: reports in English and Chinese, menus, keyword pages, copies
# zh 400 个生成的网页：中英文报告、菜单、关键词页和重复页。
texts, planted = documents()
texts, planted = texts[:400], planted[:400]
texts[3] += " Write to jane.doe@example.org or call +44 20 7946 0123."
Path("crawl.jsonl").write_text("".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts))

# %% Clean with the default profile. The guard stops a rule that would remove more than 5 % of the pages; allow it here
# zh 用默认规则集清洗。单条规则要删除超过 5% 的网页时，保护机制会拦下来；这里明确放行。
cleaned = karat.clean("crawl.jsonl", out="runs/crawl", kind="text", allow=["all"], shards=True, vocabulary=512)
print(cleaned)
print(cleaned.accounting)

# %% Every removal has its rule, its measurement and its limit
# zh 每一次删除都记录了规则、测得的值和阈值。
ledger = cleaned.ledger.to_pandas()
removed = ledger[ledger["action"] == "drop"].drop_duplicates("check")
print(removed[["row", "check", "measure", "limit", "keeper"]].round(3).to_string(index=False))

# %% Personal data is masked; the originals are in a protected local file
# zh 个人信息已打码，原文只保存在本机受保护的文件里。
edits = ledger[ledger["check"] == "PersonalData"]
print(edits[["row", "span_start", "span_end", "after"]].to_string(index=False))

# %% Were good pages lost? The generator knows which are good
# zh 有没有误删？生成程序知道哪些是好网页。
gone = set(ledger.loc[ledger["action"] == "drop", "row"])
good = [row for row, kind in enumerate(planted) if kind == "good"]
rubbish = [row for row, kind in enumerate(planted) if kind != "good"]
print(f"{len(gone.intersection(good))} of {len(good)} good pages removed")
print(f"{len(gone.intersection(rubbish))} of {len(rubbish)} planted pages removed")

# %% Published rules side by side: what each would keep
# zh 已发表的几套规则各会留下多少。
for profile in ("gopher", "c4", "fineweb", "zh", "karat"):
    kept = karat.clean.judge_text(texts, profile=profile)["keep"].to_pylist()
    print(f"{profile:<8} keeps {sum(kept):>3} of 400, {sum(kept[row] for row in good):>3} of {len(good)} good ones")

# %% Shards to train on
# zh 写好的训练分片。
index = json.loads(Path("runs/crawl/shards/index.json").read_text())
print(index["documents"], "documents,", index["tokens"], "tokens")
