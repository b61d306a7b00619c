"""Weights of parcels: some cells name the unit, in several spellings."""

import pandas as pd

import karat

weights = [f"{1 + at * 13 % 71}" for at in range(300)]
weights[5], weights[88], weights[201] = "12 kg", "7.5 KG", "3 kg."
data = pd.DataFrame({"parcel": [f"P{at}" for at in range(300)], "weight": weights})
found = karat.assess(data, only=["UnitsInNumbers"])
