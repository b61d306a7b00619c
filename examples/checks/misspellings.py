"""City names with a slip of the finger: too rare, and one letter away from a name that is common."""

import numpy as np
import pandas as pd

import karat

cities = ["Barcelona", "Copenhagen", "Edinburgh", "Stockholm", "Amsterdam"]
data = pd.DataFrame({"city": np.random.default_rng(0).choice(cities, 500)})
data["guests"] = np.random.default_rng(1).integers(1, 5, 500)
data.loc[[20, 311], "city"] = ["Barxelona", "Copenhagem"]
found = karat.assess(data, only=["Misspellings"])
