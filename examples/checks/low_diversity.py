"""A column with one value in every record, and a column that is a copy of another."""

import pandas as pd

import karat

data = pd.DataFrame({"branch": [f"B{at % 7}" for at in range(100)], "country": ["China"] * 100})
data["office"] = data["branch"]
found = karat.assess(data, only=["LowDiversity"])
