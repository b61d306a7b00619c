"""Ten websites report when flights depart. Six repeat one mistake, four are right: a vote would be wrong."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(0)
right, copies = ["airport", "airline", "desk", "board"], ["copy1", "copy2", "copy3", "copy4", "copy5", "early"]
rows = []
for flight in range(120):
    due, gate = random.integers(60, 1400), random.integers(1, 40)
    for site in right + copies:
        minutes = due if site in right else due - 15
        if random.random() < (0.3 if site == "early" else 0.03):
            minutes = random.integers(60, 1400)
        rows.append((f"F{flight}", site, f"{minutes // 60}:{minutes % 60:02d}", f"G{gate}"))
data = pd.DataFrame(rows, columns=["flight", "site", "departs", "gate"])
found = karat.assess(data, only=["SourceConflicts"])
