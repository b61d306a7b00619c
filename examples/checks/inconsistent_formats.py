"""Dates written in one way, but for a few cells that were pasted from elsewhere."""

import pandas as pd

import karat

days = [f"20{10 + at % 14}-{1 + at % 12:02d}-{1 + at % 28:02d}" for at in range(400)]
days[7], days[90], days[300] = "4 Mar 2012", "2013/5/6", "2012年3月4日"
data = pd.DataFrame({"contract": [f"C{at}" for at in range(400)], "signed": days})
found = karat.assess(data, only=["InconsistentFormats"])
