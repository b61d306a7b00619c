"""A picture of 12 pixels among pictures of 64."""

from _photos import photos, saved

import karat

pictures = photos()
pictures[4] = pictures[4][:12, :12]
data = saved(pictures)
found = karat.assess(data, only=["OddSizeImages"])
