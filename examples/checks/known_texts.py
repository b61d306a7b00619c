"""Today's crawl holds a page that last month's crawl had: the index remembers it."""

from _documents import documents

import karat

karat.clean(documents(seed=1), kind="text", index="seen", out="runs/march")
data = documents(seed=2)
data[9] = documents(seed=1)[17]
found = karat.assess(data, kind="text", index="seen", only=["KnownTexts", "NearDuplicateTexts"])
