"""A quarter of the letters begin with the same formula: a model learns the form, not the matter."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(3)
words = "parcel box street morning driver neighbour window price colour size return repair letter name".split()
letters = [" ".join(random.choice(words, 20)) for _ in range(300)]
letters[::4] = [f"Dear Sir or Madam, thank you for your letter. {text}" for text in letters[::4]]
data = pd.DataFrame({"letter": letters})
found = karat.assess(data, only=["RepeatedOpenings"])
