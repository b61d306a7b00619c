"""Four records of one class: its score would be noise."""

import numpy as np
import pandas as pd

import karat

data = pd.DataFrame({"size": np.random.default_rng(0).normal(3, 1, 400).round(2)})
data["species"] = np.array(["setosa", "virginica"] * 198 + ["hybrid"] * 4)
found = karat.assess(data, target="species", only=["RareClasses"])
