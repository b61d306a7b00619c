"""A picture that is there twice, under two names."""

from _photos import photos, saved

import karat

data = saved([*photos(), photos()[17]])
found = karat.assess(data, only=["DuplicateImages"])
