"""An old database cut every remark after 80 characters."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(1)
words = "the river was slow and wide where people came to wash their horses before winter began again".split()
remarks = [" ".join(random.choice(words, size)).capitalize() + "." for size in random.integers(4, 19, 400)]
data = pd.DataFrame({"remark": [remark[:80] for remark in remarks]})
found = karat.assess(data, only=["TruncatedTexts"])
