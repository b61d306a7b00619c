"""Half of all events fall on one film in a hundred."""

import numpy as np
import pandas as pd

import karat

films = np.repeat(np.arange(100), [900] + [4] * 99)
random = np.random.default_rng(0)
data = pd.DataFrame({"user": random.permutation(len(films)) % 130, "film": films})
data["user"], data["film"] = "u" + data["user"].astype(str), "film " + data["film"].astype(str)
data["rating"], data["time"] = (
    random.integers(1, 6, len(films)),
    1_600_000_000 + random.integers(0, 20_000_000, len(films)),
)
found = karat.assess(data, kind="event", only=["PopularitySkew"])
