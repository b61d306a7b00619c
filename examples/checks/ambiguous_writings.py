"""Prices such as 1.250: one and a quarter, or twelve hundred and fifty? No cell of the column decides it."""

import pandas as pd

import karat

prices = [f"{1 + at % 9}.{at * 37 % 1000:03d}" for at in range(60)]
data = pd.DataFrame({"item": [f"A-{at}" for at in range(60)], "price": prices})
found = karat.assess(data, only=["AmbiguousWritings"])
