"""Pictures

Handwritten digits, one folder a class, with pictures that are noisy, washed out, duplicated or in the wrong folder.

---
图片

手写数字图片，每类一个文件夹，其中有噪声、过曝、重复和放错文件夹的图片。
"""

from collections import Counter
from pathlib import Path

import karat
from karat.cli.demos.image import digits

# %% scikit-learn's digits as PNG files, with planted defects
# zh 把 scikit-learn 的手写数字写成 PNG 文件，并埋入问题。
planted = digits(Path("digits"))
print(Counter(what for what in planted.values() if what != "good").most_common())
print(sorted(path.name for path in Path("digits").iterdir()))

# %% What is wrong?
# zh 有哪些问题？
found = karat.assess("digits")
print(found)
findings = found.findings.to_pandas()
sure = findings[(findings["confidence"] > 0.5) & findings["row"].notna()]
print(sure["check"].value_counts().head(6).to_string())

# %% The evidence of one finding for each check
# zh 每种检查各看一条证据。
for finding in sure.sort_values("confidence", ascending=False).drop_duplicates("check").head(4).itertuples():
    print(f"{finding.check}: {finding.value} ({finding.confidence:.2f})\n  {finding.message[:110]}")

# %% How many planted defects were found, and how many findings are right
# zh 埋入的问题找出了多少，又有多少是误报。
named = {(finding.value, finding.check) for finding in sure.itertuples()}
for fault, check in (
    ("noise", "NoisyImages"),
    ("copy", "DuplicateImages"),
    ("inverted and washed out", "BrightImages"),
):
    true = {path for path, what in planted.items() if what == fault}
    said = {value for value, code in named if code == check}
    print(f"{fault:<24}{len(said & true)} of {len(true)} found, {len(said - true)} others named")

# %% Wrong labels are the hard part: suspicions below 0.5 are listed, and counted nowhere
# zh 标错的标签最难：置信度低于 0.5 的只算可疑，不计入任何分数。
suspects = findings[findings["check"] == "SuspectLabels"]
wrong = {path for path, what in planted.items() if what == "wrong label"}
print(len(suspects), "suspicions;", len(wrong), "labels are wrong")

# %% Nothing is removed unasked here: pictures need your eyes. `karat review runs/digits` shows them one by one
# zh 这里不会擅自删除任何图片，需要你过目：`karat review runs/digits` 会逐张展示。
cleaned = karat.clean("digits", out="runs/digits")
print(cleaned)
print(cleaned.review.to_pandas()["check"].value_counts().head(5).to_string())
