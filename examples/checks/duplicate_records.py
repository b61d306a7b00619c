"""An order number identifies an order, so an order that occurs twice was entered twice."""

import pandas as pd

import karat

orders = [(f"2024-{at:05d}", f"customer {at * 7 % 90}", 10 + at % 40) for at in range(200)]
data = pd.DataFrame([*orders, orders[31]], columns=["order", "customer", "amount"])
found = karat.assess(data, only=["DuplicateRecords"])
