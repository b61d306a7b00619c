"""Fare and tip add up to the total. In one trip the digits of the fare were exchanged."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(5)
data = pd.DataFrame({"fare": random.gamma(3, 6, 600).round(1) + 2, "tip": random.gamma(2, 2, 600).round(2)})
data["total"] = (data["fare"] + data["tip"]).round(2)
data.loc[17] = [13.5, 4.25, 35.75]  # it was 31.5
found = karat.assess(data, only=["BrokenEquations"])
