"""Customers of the second year earn much more than those of the first."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(0)
data = pd.DataFrame({"joined": pd.date_range("2022-01-01", periods=2000, freq="8h")})
data["income"] = random.normal(np.where(np.arange(2000) < 1000, 30, 42), 10).round(2)
data["height"] = random.normal(172, 9, 2000).round(1)
found = karat.assess(data, only=["ShiftedPopulation"])
