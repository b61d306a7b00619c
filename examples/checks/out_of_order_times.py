"""A log in order of time, but for one line."""

import pandas as pd

import karat

times = pd.date_range("2024-01-01", periods=300, freq="h").to_series(index=range(300))
times[150] = times[20]
data = pd.DataFrame({"time": times, "event": ["in", "out"] * 150})
found = karat.assess(data, only=["OutOfOrderTimes"])
