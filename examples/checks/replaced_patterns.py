"""Remains that only one source has: `[edit]` behind headings is taken out."""

from _documents import documents

import karat

data = documents()
data[6] = f"History[edit]\n{data[6]}"
found = karat.clean(data, kind="text", replace={r"\[edit\]": ""}, only=["ReplacedPatterns"])
