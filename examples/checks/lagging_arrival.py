"""A parcel arrives after it was sent, except the one that arrived a day before."""

import pandas as pd

import karat

sent = pd.date_range("2024-01-01", periods=300, freq="h").to_series(index=range(300))
arrived = sent + pd.Timedelta(hours=30)
arrived[40] = sent[40] - pd.Timedelta(hours=20)
data = pd.DataFrame({"sent": sent, "arrived": arrived})
found = karat.assess(data, only=["LaggingArrival"])
