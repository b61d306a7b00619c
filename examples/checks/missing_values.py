"""Blank cells: one finding a column, with their number."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(2)
data = pd.DataFrame({"age": random.integers(18, 80, 200).astype(float), "income": random.gamma(3, 900, 200).round()})
data.loc[random.choice(200, 25, replace=False), "income"] = None
found = karat.assess(data, only=["MissingValues"])
