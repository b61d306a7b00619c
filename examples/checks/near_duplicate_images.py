"""A copy made a little brighter: other pixels, the same picture."""

from _photos import photos, saved

import karat

pictures = photos()
data = saved([*pictures, pictures[10] * 0.8 + 30])
found = karat.assess(data, only=["NearDuplicateImages"])
