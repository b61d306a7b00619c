"""A page of fewer than 50 words and a page of numbers: Gopher's rules ask for running language."""

from _documents import documents

import karat

data = documents()
data[3] = "Click here to continue."
data[8] = " ".join(f"{at} 0.{at:03d} #{at}" for at in range(100))
found = karat.assess(data, kind="text", profile="gopher", only=["GopherQuality"])
