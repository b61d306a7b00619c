"""A document that differs from another in two words."""

from _documents import documents

import karat

data = documents()
data.append(data[21].replace("hour", "day", 1) + " So it was.")
found = karat.assess(data, kind="text", only=["NearDuplicateTexts"])
