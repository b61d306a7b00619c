"""Monthly rents, two of them entered in thousands."""

import numpy as np
import pandas as pd

import karat

rents = np.random.default_rng(1).integers(400, 4000, 600).astype(float)
rents[[40, 312]] = [1.25, 0.98]
data = pd.DataFrame({"rent": rents})
found = karat.assess(data, only=["UnitSlips"])
