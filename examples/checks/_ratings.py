"""Ratings for the examples: 150 people, 200 films, each person in a few sittings."""

import numpy as np
import pandas as pd


def ratings(users=150, films=200, seed=0):
    """A frame of user, film, rating and time; popular films, and tastes that differ."""
    random = np.random.default_rng(seed)
    fame = 1 / np.arange(1, films + 1) ** 0.8
    rows = []
    for user in range(users):
        size = int(np.clip(np.exp(random.normal(3.4, 0.5)), 8, films // 3))
        taste = fame * np.exp(1.5 * (np.arange(films) % 5 == user % 5))
        chosen = random.choice(films, size, replace=False, p=taste / taste.sum())
        sittings = 1_600_000_000 + random.random(int(random.integers(1, 5))) * 20_000_000
        times = np.sort(random.choice(sittings, size)) + np.cumsum(random.exponential(40, size))
        marks = random.choice([1, 2, 3, 4, 5], size, p=[0.06, 0.11, 0.27, 0.34, 0.22])
        rows += [(f"u{user}", f"film {f}", int(m), int(t)) for f, m, t in zip(chosen, marks, times, strict=True)]
    return pd.DataFrame(rows, columns=["user", "film", "rating", "time"])
