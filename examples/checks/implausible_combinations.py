"""Height, weight, waist and shoe size rise together. One weight is possible, but not for this person."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(0)
size = random.normal(0, 1, 800)
typical = {"height": (172, 9), "weight": (70, 11), "waist": (84, 9), "shoe": (41, 2)}
data = pd.DataFrame({k: (m + s * (size + 0.08 * random.normal(0, 1, 800))).round(1) for k, (m, s) in typical.items()})
data.loc[data["height"].idxmax(), "weight"] = data["weight"].min()
found = karat.assess(data, only=["ImplausibleCombinations"])
