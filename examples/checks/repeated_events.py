"""One rating was sent twice."""

import pandas as pd
from _ratings import ratings

import karat

data = ratings()
data = pd.concat([data, data.iloc[[40]]], ignore_index=True)
found = karat.assess(data, only=["RepeatedEvents"])
