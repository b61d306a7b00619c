"""An over-exposed picture."""

from _photos import photos, saved

import karat

pictures = photos()
pictures[5] = 255 * (pictures[5] / 255) ** 0.06
data = saved(pictures)
found = karat.assess(data, only=["BrightImages"])
