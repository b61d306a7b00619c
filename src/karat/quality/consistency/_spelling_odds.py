"""How far cells are from the values that dependencies ask for, and what that makes of a probability."""

import numpy as np

from karat.quality.consistency._misspelt import edits, same_writing


def spelt(cells: list[str | None], values: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Per cell: how many typing errors it is away from the value; is it the value in another writing?"""
    pairs = [(cell or "", value) for cell, value in zip(cells, values, strict=True)]
    known = {pair: (edits(*pair), same_writing(*pair)) for pair in set(pairs)}
    typed, formed = np.array([known[pair] for pair in pairs], np.int64).reshape(-1, 2).T
    return typed, formed > 0


def raised(share: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Probabilities with a log-odds weight added."""
    odds = np.log(np.maximum(share, 1e-12)) - np.log(np.maximum(1 - share, 1e-12)) + weight
    raised: np.ndarray = 1 / (1 + np.exp(-odds))
    return raised
