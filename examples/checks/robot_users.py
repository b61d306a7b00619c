"""Five programs rate 80 films each, every seven seconds, always with five stars."""

import numpy as np
import pandas as pd
from _ratings import ratings

import karat

random = np.random.default_rng(1)
rows = []
for robot in range(5):
    begin, films = 1_600_000_000 + int(random.integers(20_000_000)), random.choice(200, 80, replace=False)
    rows += [(f"r{robot}", f"film {film}", 5, begin + 7 * at) for at, film in enumerate(films)]
data = pd.concat([ratings(), pd.DataFrame(rows, columns=["user", "film", "rating", "time"])], ignore_index=True)
found = karat.assess(data, only=["RobotUsers"])
