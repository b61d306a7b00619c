"""A document of blanks and line ends."""

from _documents import documents

import karat

data = documents()
data[6] = " \n\t \n"
found = karat.assess(data, kind="text", only=["EmptyTexts"])
