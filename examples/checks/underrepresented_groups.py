"""Four records of one region among hundreds of the others."""

import pandas as pd

import karat

data = pd.DataFrame({"region": ["north"] * 300 + ["south"] * 280 + ["islands"] * 4})
data["yield"] = [at * 13 % 71 for at in range(584)]
found = karat.assess(data, columns={"region": {"role": "group"}}, only=["UnderrepresentedGroups"])
