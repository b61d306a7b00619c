"""One person entered twice, the second time with a slip in the town."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(0)
work = ["archer", "bishop", "engineer", "teacher", "cooper", "farmer"]
data = pd.DataFrame(
    {
        "name": [f"{random.choice(work)} {at}" for at in random.integers(0, 400, 500)],
        "work": random.choice(work, 500),
        "town": [f"town {at}" for at in random.integers(0, 50, 500)],
        "sum": random.integers(0, 9999, 500).astype(str),
        "house": random.choice(["rent", "own", "free"], 500),
    }
)
data.loc[300] = data.loc[10]
data.loc[300, "town"] = data.loc[10, "town"].replace("town", "twon")
found = karat.assess(data, only=["NearDuplicateRecords"])
