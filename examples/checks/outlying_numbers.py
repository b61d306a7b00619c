"""A person of 320 years among people between 18 and 79."""

import numpy as np
import pandas as pd

import karat

data = pd.DataFrame({"age": np.random.default_rng(0).normal(45, 9, 500).round(1)})
data.loc[123, "age"] = 320.0
found = karat.assess(data, only=["OutlyingNumbers"])
