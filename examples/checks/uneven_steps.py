"""An hourly series in which one hour occurs twice, as when clocks are put back in autumn."""

import numpy as np
import pandas as pd

import karat

times = pd.date_range("2024-10-20", periods=300, freq="h").to_series(index=range(300))
times[101] = times[100]
data = pd.DataFrame({"time": times, "load": np.random.default_rng(0).normal(50, 4, 300).round(1)})
found = karat.assess(data, target="load", kind="series", only=["UnevenSteps"])
