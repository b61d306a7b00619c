"""A sensor that got stuck: sixty hours with one value, in a column that changes every hour."""

import numpy as np
import pandas as pd

import karat

level = np.random.default_rng(0).normal(20, 5, 600).round(1)
level[200:260] = 21.7
data = pd.DataFrame({"time": pd.date_range("2024-01-01", periods=600, freq="h"), "level": level})
found = karat.assess(data, only=["FrozenValues"])
