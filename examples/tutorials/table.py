"""A messy table

A table of bookings with the faults of a real export: blanks around values, slips of the finger, several ways to write a
date, words for missing values, a wrong unit, records entered twice. You look at what is wrong, let Karat fix what is
certain, decide the rest, and clean tomorrow's file the same way.

---
一张脏乱的表

一张预订表，带着真实导出文件里常见的毛病：多余空格、手误、几种日期写法混用、用文字表示缺失、单位错误、重复录入。
先看清问题，让 Karat 修复高置信度的错误，其余由你决定，最后用同样的规则清洗明天的文件。
"""

import subprocess
import sys

import numpy as np
import pandas as pd

import karat

# %% A table with the faults of real exports: 600 bookings, generated so that the truth is known
# zh 600 条生成的预订记录，正确答案已知。
random = np.random.default_rng(0)
countries = {"Lyon": "France", "Porto": "Portugal", "Graz": "Austria", "Turku": "Finland"}
table = pd.DataFrame({"booking": [f"2024-{at:05d}" for at in range(600)]})
table["city"] = random.choice(list(countries), 600)
table["country"] = table["city"].map(countries)
table["booked"] = pd.date_range("2024-01-01", periods=600, freq="9h").strftime("%Y-%m-%d")
table["nights"] = random.integers(1, 15, 600).astype(str)
table["price"] = (table["nights"].astype(int) * random.normal(90, 12, 600)).round(2).astype(str)
table.loc[[20, 90], "city"] = [" " + table.loc[20, "city"], table.loc[90, "city"] + " "]
for row in (33, 200, 411):
    table.loc[row, "country"] = table.loc[row, "country"].replace("a", "aa", 1)  # a slip of the finger
table.loc[[50, 51, 300], "price"] = ["N/A", "unknown", "-999"]
table.loc[[120, 121], "booked"] = ["5 Feb 2024", "2024/2/16"]
table.loc[222, "price"] = "98000"
table = pd.concat([table, table.iloc[[17, 18]]])
table.to_csv("bookings.csv", index=False)

# %% What is wrong? `assess` changes nothing
# zh 先看问题：`assess` 只检查，不改动任何数据。
found = karat.assess("bookings.csv")
print(found)
findings = found.findings.to_pandas()
for finding in findings[findings["row"].notna()].sort_values("row").head(8).itertuples():
    place = f"{finding.row:>4.0f} {finding.column!s:<8}"
    print(f"{place} {finding.check:<19} {finding.confidence:.2f}  {finding.message[:60]}")

# %% `clean` fixes what is certain; the rest needs review
# zh `clean` 修复高置信度的错误，其余留待人工审核。
cleaned = karat.clean("bookings.csv", out="runs/bookings")
print(cleaned)
ledger = cleaned.ledger.to_pandas()
print(ledger[ledger["action"] == "set"][["row", "column", "before", "after", "check"]].to_string(index=False))
print(ledger[ledger["action"] == "drop"][["row", "check", "keeper"]].to_string(index=False))
print(cleaned.accounting)

# %% What needs review
# zh 哪些需要人工审核。
review = cleaned.review.to_pandas()
print(review[["row", "column", "value", "suggestion", "confidence"]].head(6).to_string(index=False))

# %% You decide, in a file or on the page of `karat review`; the answers go in with the next run
# zh 由你决定：可以写成文件，也可以在 `karat review` 的页面上逐条处理；下次运行时带上答案即可。
answers = pd.DataFrame({"row": [51, 222], "column": "price", "value": ["", "980.00"]})
answers.to_csv("answers.csv", index=False)
again = karat.clean("bookings.csv", out="runs/bookings", answers="answers.csv")
print(again)
print(
    again.ledger.to_pandas().query("who != 'karat'")[["row", "column", "before", "after", "who"]].to_string(index=False)
)

# %% Tomorrow's file, cleaned with what was learned today
# zh 明天的文件，用今天学到的规则清洗。
tomorrow = pd.DataFrame(
    {
        "booking": ["2025-00001", "2025-00002"],
        "city": ["Lyon ", "Graz"],
        "country": ["France", "Austria"],
        "booked": ["2025-01-01", "2025-01-02"],
        "nights": ["3", "2"],
        "price": ["271.50", "N/A"],
    }
)
tomorrow.to_csv("tomorrow.csv", index=False)
command = [sys.executable, "-m", "karat", "apply", "runs/bookings", "tomorrow.csv", "--out", "runs/tomorrow"]
print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.rstrip())
