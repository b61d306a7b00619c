"""A page that says one sentence again and again."""

from _documents import documents

import karat

data = documents()
data[5] = "Buy our wonderful garden chairs today and save a lot of money.\n" * 20
found = karat.assess(data, kind="text", profile="gopher", only=["GopherRepetition"])
