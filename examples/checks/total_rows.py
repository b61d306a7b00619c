"""A spreadsheet ends with a row of sums. To a model it is one more customer, far larger than the others."""

import pandas as pd

import karat

data = pd.DataFrame([(f"c{at}", "Rome", at * 1.25) for at in range(40)], columns=["customer", "town", "paid"])
data.loc[40] = ["Total", None, data["paid"].sum()]
found = karat.assess(data, only=["TotalRows"])
