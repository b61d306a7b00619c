"""The same document twice: it would be read twice in training, and might be tested on what was trained."""

from _documents import documents

import karat

data = documents()
data.append(data[12])
found = karat.assess(data, kind="text", only=["DuplicateTexts"])
