"""Texts that nobody wrote: keys pressed at random, a form's own words, a removed post."""

import pandas as pd

import karat

reviews = [f"Room number {at} was clean and quiet." for at in range(100)]
reviews[4], reviews[30], reviews[71] = "asdfgh", "[deleted]", "此用户没有填写评价。"
data = pd.DataFrame({"review": reviews})
found = karat.assess(data, only=["PlaceholderTexts"])
