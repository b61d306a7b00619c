"""Histories of two groups of people who like two halves of a catalogue."""

import numpy as np
from scipy import sparse


def two_tastes(people=60, items=40, seed=0):
    chance = np.random.default_rng(seed)
    taste = np.arange(people) % 2
    likes = np.where(np.arange(items)[None, :] % 2 == taste[:, None], 0.5, 0.05)
    return sparse.csr_array((chance.random((people, items)) < likes).astype(np.float32)), taste


def share_of_own_half(model, histories, taste):
    from karat.evaluate.hit_rate import top_items

    shown = top_items(model.predict(histories), histories, 5)
    return float((shown % 2 == taste[:, None]).mean())
