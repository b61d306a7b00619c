"""An hourly log in which thirty hours are missing."""

import pandas as pd

import karat

times = pd.date_range("2024-01-01", periods=330, freq="h").delete(slice(100, 130))
data = pd.DataFrame({"time": times, "level": [at * 13 % 71 for at in range(300)]})
found = karat.assess(data, only=["GapsInTime"])
