"""A menu and a counter stand between the paragraphs of a page: the profile cuts these lines."""

from _documents import documents

import karat

data = documents()
data[4] = "Home | News | Contact\n" + data[4] + "\n3,104 followers\n" + data[5]
found = karat.clean(data, kind="text", profile="refinedweb", only=["FilteredLines", "RefinedwebLines"], allow=["all"])
