"""A page of which most words stand in lines of capitals, counters and buttons."""

from _documents import documents

import karat

data = documents()
data[3] = data[3][:200] + "\nSIGN UP TODAY\n3,104 followers\nSHARE THIS PAGE\nREAD MORE NEWS\n12 comments"
found = karat.assess(data, kind="text", profile="refinedweb", only=["RefinedwebLines"])
