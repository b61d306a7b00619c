"""A fifth of the letters carry the answer in brackets: a model would read it off."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(8)
words = "parcel came late money back box broken good fast kind never asked street again".split()
labels = random.choice(["refund", "delivery", "praise"], 400)
texts = [" ".join(random.choice(words, 12)) + (f" [{label}]" if random.random() < 0.2 else "") for label in labels]
data = pd.DataFrame({"letter": texts, "topic": labels})
found = karat.assess(data, target="topic", only=["LabelInText"])
