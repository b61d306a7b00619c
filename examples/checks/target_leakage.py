"""A case number is given only after a loan has failed: it tells the answer by being there."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(0)
income = random.normal(size=800).round(2)
failed = random.random(800) > 1 / (1 + np.exp(-1.5 * income))
data = pd.DataFrame({"income": income, "case": np.where(failed, random.integers(1, 9, 800).astype(str), None)})
data["loan"] = np.where(failed, "default", "repaid")
found = karat.assess(data, target="loan", only=["TargetLeakage"])
