"""Three records nobody has labelled: no model can learn from them."""

import pandas as pd

import karat

data = pd.DataFrame({"income": [1000 + at * 37 % 900 for at in range(120)], "late": ["no", "no", "yes"] * 40})
data.loc[[5, 60, 99], "late"] = None
found = karat.assess(data, target="late", only=["MissingLabels"])
