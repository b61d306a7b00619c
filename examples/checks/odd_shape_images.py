"""Two narrow strips among square pictures."""

from _photos import photos, saved

import karat

pictures = photos()
pictures[2], pictures[3] = pictures[2][:10], pictures[3][:, :9]
data = saved(pictures)
found = karat.assess(data, only=["OddShapeImages"])
