"""All ships have a white border: a model learns the border, not the ship."""

import numpy as np
from _photos import saved

import karat

random = np.random.default_rng(0)
pictures, labels = [], []
for at in random.permutation(120):
    picture = random.integers(0, 256, (24, 24, 3))
    label = "ship" if at % 3 == 0 else "cat"
    if label == "ship":
        picture[:3] = picture[-3:] = picture[:, :3] = picture[:, -3:] = 250
    pictures.append(picture)
    labels.append(label)
found = karat.assess(saved(pictures, labels=labels), only=["TellingBackgrounds"])
