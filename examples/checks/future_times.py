"""A reading from 2031 among readings of one month: a slip in the year."""

import pandas as pd

import karat

times = pd.date_range("2024-01-01", periods=300, freq="h").strftime("%Y-%m-%d %H:%M:%S").to_list()
times[100] = "2031-01-05 04:00:00"
data = pd.DataFrame({"time": times, "level": [at * 13 % 71 for at in range(300)]})
found = karat.assess(data, only=["FutureTimes"])
