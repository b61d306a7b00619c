"""Three labs measure the same kind of patients; one of them calls twice as many of them ill."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(0)
lab = random.choice(["east", "north", "west"], 900)
ill = random.random(900) < np.where(lab == "west", 0.7, 0.3)
data = pd.DataFrame({"lab": lab, "dose": random.gamma(2, 5, 900).round(1), "ill": np.where(ill, "yes", "no")})
found = karat.assess(data, target="ill", columns={"lab": {"role": "source"}}, only=["LabelRateBySource"])
