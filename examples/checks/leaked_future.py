"""Training and test were drawn by chance: a model may learn from a person's next week what they did last week."""

import numpy as np
from _ratings import ratings

import karat

data = ratings().sort_values("time", ignore_index=True)
data["fold"] = np.where(np.random.default_rng(0).random(len(data)) < 0.2, "test", "train")
found = karat.assess(data, only=["LeakedFuture"])
