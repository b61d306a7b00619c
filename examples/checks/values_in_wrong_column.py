"""A clerk put the purpose into the column of housing, and the housing into the column of purpose."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(0)
data = pd.DataFrame({"housing": random.choice(["own", "rent", "for free"], 800).astype(object)})
data["purpose"] = random.choice(["car", "education", "radio", "furniture"], 800).astype(object)
data["amount"] = random.integers(250, 18000, 800)
data.loc[9, ["housing", "purpose"]] = ["car", "rent"]
found = karat.assess(data, only=["ValuesInWrongColumn"])
