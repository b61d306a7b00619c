import numpy as np
import pytest

from karat.kernels.weighted_grams import descend, places, sums

SIZE = 1 << 16
MASK = np.uint64(SIZE - 1)


def runs(packed, text):
    data, offsets = packed(text)
    out = np.zeros(3 * len(data), np.int64)
    return out[: places(data, 0, offsets[1], MASK, out)].tolist()


def test_runs_of_one_two_and_three_tokens_have_places(packed):
    a, b, ab, c, bc, abc = runs(packed, "a b c")
    assert len({a, b, ab, c, bc, abc}) == 6
    assert runs(packed, "B  C") == [b, c, bc]
    assert runs(packed, "a, b") == [a, b, ab]
    longer = runs(packed, "x a b c")
    assert longer[-3:] == [c, bc, abc]
    assert len(longer) == 4 + 3 + 2
    assert runs(packed, "...") == []


def test_the_weights_of_a_texts_runs_are_summed(packed):
    data, offsets = packed("a b c", "", "c", "z z")
    weights = np.zeros(SIZE, np.float32)
    weights[runs(packed, "a b c")] = [1, 2, 4, 8, 16, 32]
    total, counts = np.zeros(4), np.zeros(4, np.int64)
    sums(data, offsets, weights, total, counts)
    assert total.tolist() == [63, 0, 8, 0]
    assert counts.tolist() == [6, 0, 1, 3]


def test_one_step_of_adagrad(packed):
    data, offsets = packed("a b")
    weights, squares = np.zeros(SIZE, np.float32), np.zeros(SIZE, np.float32)
    bias = descend(data, offsets, np.array([0]), np.array([1.0]), np.array([2.0]), 0.1, weights, squares, 0.0)
    # the error is (1 - 0.5) · 2; each of three runs has a scale of 1/√3
    step = 1 / np.sqrt(3)
    touched = runs(packed, "a b")
    assert bias == pytest.approx(0.1 * 0.01)
    assert squares[touched] == pytest.approx(step**2, rel=1e-6)
    assert weights[touched] == pytest.approx(0.1 * step / np.sqrt(step**2 + 1e-4), rel=1e-5)
    assert np.count_nonzero(weights) == 3


def test_passes_tell_good_texts_from_bad_ones_and_empty_ones_teach_nothing(packed):
    texts = ["a good book", "a bad deal", "", "good b"] * 5
    data, offsets = packed(*texts)
    truth = np.array([1.0, 0.0, 0.0, 1.0] * 5)
    weights, squares, bias = np.zeros(SIZE, np.float32), np.zeros(SIZE, np.float32), 0.0
    for _ in range(20):
        bias = descend(data, offsets, np.arange(20), truth, np.ones(20), 0.2, weights, squares, bias)
    total, counts = np.zeros(20), np.zeros(20, np.int64)
    sums(data, offsets, weights, total, counts)
    score = total / np.sqrt(np.maximum(counts, 1)) + bias
    assert (score[[0, 3]] > 0).all()
    assert score[1] < 0
    assert descend(data, offsets, np.array([2]), truth, np.ones(20), 0.2, weights, squares, bias) == bias
