"""A menu and a page of keywords. The default profile drops what two independent signs speak against."""

from _documents import documents

import karat

data = documents()
data[4] = "Home | About | Log in\n" * 30
data[20] = "cheap flights, cheap hotels, cheap cars, cheap flights london, cheap hotels london, " * 12
found = karat.assess(data, kind="text", only=["WorthlessTexts"])
