"""A level that rises and falls with the day. For a day and a half it does not: no single value is out of range."""

import numpy as np
import pandas as pd

import karat

hours = np.arange(900)
level = 20 + 5 * np.sin(2 * np.pi * hours / 24) + np.random.default_rng(0).normal(0, 0.5, 900)
level[600:636] = 20 + np.random.default_rng(1).normal(0, 0.5, 36)
data = pd.DataFrame({"time": pd.date_range("2024-01-01", periods=900, freq="h"), "level": level.round(2)})
found = karat.assess(data, only=["UnusualWindows"])
