"""Forty pictures of one class were taken in one place within a minute: they are worth a few."""

import numpy as np
from _photos import photos, saved
from sklearn.datasets import load_sample_images

import karat

random = np.random.default_rng(0)
photo = load_sample_images().images[1].astype(float)
film = []
for _ in range(40):
    y, x = 100 + random.integers(0, 9, 2)
    film.append(photo[y : y + 128, x : x + 128] * random.uniform(0.8, 1.05))
labels = ["street"] * len(photos()) + ["flower"] * 40
found = karat.assess(saved([*photos(), *film], labels=labels), only=["UnvariedImages"])
