"""You name good texts and bad ones; a classifier says which of the others read like the bad."""

import json
from pathlib import Path

from _documents import documents

import karat

spam = [
    f"Cheap {word} for sale now! Click to buy {word}, best {word} price online {n}!" * 4
    for word in ("watches", "shoes", "bags", "phones", "tickets")
    for n in range(12)
]
for name, texts in (("good", documents(60, seed=5)), ("bad", spam)):
    Path(f"{name}.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in texts))
data = documents()
data[7] = "Cheap perfume for sale now! Click to buy perfume, best perfume price online today! " * 4
found = karat.assess(data, kind="text", good="good.jsonl", bad="bad.jsonl", only=["PoorTexts"])
