"""Lyon lies in France. A record says Lyon and Finland: one of the two is wrong, and nothing says which."""

import numpy as np
import pandas as pd

import karat

countries = {"Lyon": "France", "Nice": "France", "Porto": "Portugal", "Graz": "Austria", "Turku": "Finland"}
data = pd.DataFrame({"city": np.random.default_rng(3).choice(list(countries), 500)})
data["country"] = data["city"].map(countries)
for row in (20, 99, 240):
    data.loc[row, "country"] = "Finland" if data.loc[row, "country"] != "Finland" else "Austria"
found = karat.assess(data, only=["UndecidedPairs"])
