"""Sixty strangers give one film five stars within half an hour: a bought crowd."""

import pandas as pd
from _ratings import ratings

import karat

crowd = [(f"new{at}", "film 150", 5, 1_609_000_000 + 20 * at) for at in range(60)]
data = pd.concat([ratings(300), pd.DataFrame(crowd, columns=["user", "film", "rating", "time"])], ignore_index=True)
found = karat.assess(data, only=["EventBursts"])
