"""A sensor writes -999 where it could not measure, and a clerk wrote "unknown"."""

import numpy as np
import pandas as pd

import karat

readings = [f"{value:.1f}" for value in np.random.default_rng(0).normal(20, 4, 300)]
for row in (12, 80, 199, 250):
    readings[row] = "-999"
readings[40] = "unknown"
data = pd.DataFrame({"station": [f"S{at % 7}" for at in range(300)], "temperature": readings})
found = karat.assess(data, only=["DisguisedMissing"])
