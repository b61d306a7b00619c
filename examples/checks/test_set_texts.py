"""A question of a test set stands in a training document: the test would measure memory."""

from pathlib import Path

from _documents import documents

import karat

question = (
    "A baker sells 48 loaves in April and half as many in May. How many loaves did he sell in both months together?"
)
Path("test.txt").write_text(question + "\n")
data = documents()
data[22] = f"{data[22]} {question} The answer is 72."
found = karat.assess(data, kind="text", test_sets=["test.txt"], only=["TestSetTexts"])
