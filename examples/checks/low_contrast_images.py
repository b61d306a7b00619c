"""A picture in fog: all its greys lie close together."""

from _photos import photos, saved

import karat

pictures = photos()
pictures[6] = pictures[6].mean() + (pictures[6] - pictures[6].mean()) * 0.08
data = saved(pictures)
found = karat.assess(data, only=["LowContrastImages"])
