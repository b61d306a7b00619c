"""Tomorrow's file has a city and an age that yesterday's did not: `karat apply` points them out."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(0)
past = pd.DataFrame({"age": random.integers(20, 70, 300), "city": random.choice(["Oslo", "Paris"], 300)})
karat.clean(past, out="runs/people")
data = pd.DataFrame({"age": [300, 45, 31], "city": ["Paris", "Rome", "Oslo"]})
data.to_csv("new.csv", index=False)
command = "-m karat apply runs/people new.csv --out runs/new --quiet"
subprocess.run([sys.executable, *command.split()], check=True)
found = karat.Assessment(Path("runs/new"))
