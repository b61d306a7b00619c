"""Income, rent and savings rise together. One record has a usual value in each, but not together."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(0)
size = random.normal(0, 1, 600)
typical = {"income": (3_000, 600), "rent": (900, 180), "savings": (12_000, 3_000)}
data = pd.DataFrame({k: (m + s * (size + 0.15 * random.normal(0, 1, 600))).round() for k, (m, s) in typical.items()})
data.loc[41, ["rent", "savings"]] = [1_250.0, 5_500.0]
found = karat.assess(data, only=["UnusualRecords"])
