"""A language model of usual texts, learned in a moment, finds one document strange."""

import json
from pathlib import Path

from _documents import documents

import karat

Path("usual.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in documents(300, seed=9)))
data = documents()
data[16] = "xq zv 7f3a9 kkpt wzx 0b1d qqj vvx zzt 88ac pqx jjw ttz " * 8
found = karat.assess(data, kind="text", usual="usual.jsonl", only=["StrangeTexts"])
