"""One answer runs to twenty pages, where people write a line or two."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(1)
words = "the room was quiet and clean but the street is loud at night".split()
answers = [" ".join(random.choice(words, size)) for size in random.integers(6, 30, 300)]
answers[44] = " ".join(random.choice(words, 9000))
data = pd.DataFrame({"answer": answers})
found = karat.assess(data, kind="table", only=["OutlyingTextLengths"])
