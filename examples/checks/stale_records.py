"""A reading from 2003 among readings of one month."""

import pandas as pd

import karat

times = pd.date_range("2024-01-01", periods=300, freq="h").strftime("%Y-%m-%d %H:%M:%S").to_list()
times[20] = "2003-01-01 20:00:00"
data = pd.DataFrame({"time": times, "level": [at * 13 % 71 for at in range(300)]})
found = karat.assess(data, only=["StaleRecords"])
