"""Two applicants with the same answers to every question, one labelled good and one bad."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(1)
data = pd.DataFrame({"income": random.integers(1000, 9000, 300), "age": random.integers(18, 80, 300)})
data["months"] = random.integers(6, 60, 300)
data["credit"] = np.where(data["income"] > 4000, "good", "bad")
data.loc[200] = data.loc[40]
data.loc[200, "credit"] = "bad" if data.loc[40, "credit"] == "good" else "good"
found = karat.assess(data, target="credit", only=["ConflictingLabels"])
