"""Embeddings that point the same way."""

import numpy as np
import pytest

from karat.clean import semantic_duplicates as module
from karat.clean.semantic_duplicates import semantic_duplicates
from karat.core.errors import InputError, OptionError


def greedy(unit: np.ndarray, threshold: float) -> dict[int, int]:
    kept, gone = [], {}
    for at in range(len(unit)):
        cosine = {k: round(float(unit[k] @ unit[at]), 6) for k in kept}
        close = {k: c for k, c in cosine.items() if c >= threshold}
        if close:
            gone[at] = min(close, key=lambda k: (-close[k], k))
        else:
            kept.append(at)
    return gone


@pytest.mark.parametrize("block", [7, 64, 1024])
def test_every_record_beside_the_most_alike_that_is_kept(block, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", block)
    chance = np.random.default_rng(1)
    centres = chance.normal(size=(30, 16))
    vectors = centres[chance.integers(0, 30, 300)] + chance.normal(size=(300, 16)) * 0.25
    unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32).astype(np.float64)
    found = semantic_duplicates(vectors, 0.93)
    told = dict(zip(found["row"].to_pylist(), found["keeper"].to_pylist(), strict=True))
    wanted = greedy(unit, 0.93)
    assert set(told.values()).isdisjoint(told)
    assert len(wanted) > 50
    assert told == wanted
    assert found["cosine"].to_numpy().min() >= 0.93


def test_zeros_are_like_nothing():
    assert semantic_duplicates(np.zeros((3, 4))).num_rows == 0
    assert semantic_duplicates(np.zeros((0, 4))).num_rows == 0


@pytest.mark.parametrize("bad", [[1.0, 2.0], [[float("nan")]], [["a"]], [[1.0], [1.0, 2.0]]])
def test_only_a_matrix_of_finite_numbers(bad):
    with pytest.raises(InputError, match=r"^vectors .*shape"):
        semantic_duplicates(bad)


def test_a_threshold_outside_is_refused():
    with pytest.raises(OptionError):
        semantic_duplicates([[1.0]], 0)
