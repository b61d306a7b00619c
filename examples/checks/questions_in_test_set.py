"""A training question that is one of the test's questions, numbers and all."""

import json
from pathlib import Path

import pyarrow as pa

import karat

question = (
    "A baker sells 48 loaves in April and half as many in May. How many loaves did he sell in both months together?"
)
Path("test.jsonl").write_text(json.dumps({"question": question, "answer": "72"}))
data = [
    {"question": f"A farmer has {at} cows and sells {at // 2}. How many are left?", "answer": "?"} for at in range(30)
]
data[8] = {"question": question, "answer": "72"}
found = karat.assess(pa.Table.from_pylist(data), kind="chat", test_sets=["test.jsonl"], only=["QuestionsInTestSet"])
