"""A page of code and a page with "lorem ipsum": C4's rules take neither."""

from _documents import documents

import karat

data = [text.replace(". ", ".\n") for text in documents()]
data[3] = "function add(a, b) {\n  return a + b;\n}\n" * 8
data[8] = "Lorem ipsum dolor sit amet, consectetur adipiscing elit.\n" * 6
found = karat.assess(data, kind="text", profile="c4", only=["C4Quality"])
