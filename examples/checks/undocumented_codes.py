"""Schooling is 1, 2 or 3. A hundred people have 0, and nearly all of them default: what does 0 mean?"""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(2)
schooling = np.where(random.random(3000) < 0.03, 0, random.integers(1, 4, 3000))
default = random.random(3000) < np.where(schooling == 0, 0.9, 0.2)
income = random.normal(np.where(schooling == 0, 90, 30), 5).round(2)
data = pd.DataFrame({"schooling": schooling, "income": income, "default": np.where(default, "yes", "no")})
found = karat.assess(data, target="default", only=["UndocumentedCodes"])
