"""Waiting times begin at zero; one is negative. Marks end at 5; one is 35."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(0)
data = pd.DataFrame({"wait": random.exponential(40, 1000).round(2), "mark": random.integers(1, 6, 1000)})
data.loc[9, "wait"] = -35.0
data.loc[77, "mark"] = 35
found = karat.assess(data, only=["OutOfRange"])
