"""A whole paragraph of one document stands in another, word for word."""

from _documents import documents

import karat

data = documents()
data[30] = data[30] + " " + data[4][:600]
found = karat.clean(data, kind="text", repeated_tokens=50, only=["RepeatedPassages"])
