"""UTF-8 that was read as Windows-1252 can be turned back, letter by letter."""

import pandas as pd

import karat

names = ["José", "Müller", "Françoise", "Ana", "Zoë", "Peter"] * 20
data = pd.DataFrame({"name": [f"{name} {at}" for at, name in enumerate(names)]})
data.loc[8, "name"] = "FranÃ§oise 8"
found = karat.assess(data, only=["BrokenEncoding"])
