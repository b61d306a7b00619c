"""A picture so dark that its shapes drown."""

from _photos import photos, saved

import karat

pictures = photos()
pictures[3] = 255 * (pictures[3] / 255) ** 7
data = saved(pictures)
found = karat.assess(data, only=["DarkImages"])
