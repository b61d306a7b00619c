"""One in five paid late two years ago, four in five do now: old records teach a world that is gone."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(3)
data = pd.DataFrame(
    {"month": pd.date_range("2022-01-01", periods=2000, freq="9h"), "amount": random.gamma(2, 50, 2000)}
)
data["late"] = np.where(random.random(2000) < np.linspace(0.2, 0.8, 2000), "yes", "no")
found = karat.assess(data, target="late", only=["DriftingTarget"])
