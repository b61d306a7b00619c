"""A PNG file that is called .jpg."""

from pathlib import Path

from _photos import photos, saved

import karat

data = saved(photos())
Path("photos/008.png").rename("photos/008.jpg")
found = karat.assess(data, only=["MisnamedImages"])
