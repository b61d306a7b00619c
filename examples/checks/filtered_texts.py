"""Filters of your own: pages of 100 characters or more, and none that speaks of coupons."""

from _documents import documents

import karat

data = documents()
data[4] = "Too short to learn from."
data[9] += " Use the coupon code SAVE20 today."
filters = {"min_characters": 100, "drop_matching": ["(?i)coupon code"]}
found = karat.assess(data, kind="text", quality={"FilteredTexts": filters}, only=["FilteredTexts"])
