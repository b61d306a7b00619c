import json

import numpy as np
import pytest
from scipy import sparse

from karat.core.errors import InputError, OptionError
from karat.label.next_to_label import next_items


def groups(size=300, seed=0):
    """Three clouds of points."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 3, size)
    return rng.normal(0, 0.3, (size, 8)) + 4 * np.eye(3, 8)[group], group


def test_a_cold_start_asks_about_every_group_first():
    features, group = groups()
    assert set(group[next_items(features=features, budget=3)["row"].to_numpy()]) == {0, 1, 2}
    sparse_rows = next_items(features=sparse.csr_matrix(np.maximum(features, 0)), budget=3)["row"].to_numpy()
    assert set(group[sparse_rows]) == {0, 1, 2}


def test_torn_items_come_first_and_disputed_ones_say_so():
    sure, torn = [0.95, 0.05], [0.5, 0.5]
    asked = next_items([sure, torn, sure, torn, sure], budget=2)
    assert asked["row"].to_pylist() == [1, 3]
    assert "torn" in asked["why"][0].as_py()
    disputed = next_items([[[0.99, 0.01], sure], [[0.01, 0.99], sure]], budget=1)
    assert disputed["row"].to_pylist() == [0]


def test_near_duplicates_are_asked_about_once():
    features = np.repeat(np.random.default_rng(0).normal(0, 1, (20, 10)), 5, axis=0)
    chosen = next_items(np.full((100, 2), 0.5), features, budget=50)["row"].to_numpy()
    assert len(set(chosen // 5)) == len(chosen) == 20
    again = next_items(np.full((100, 2), 0.5), features, budget=50, labelled=np.array([0, 7]))["row"].to_numpy()
    assert not {0, 1} & set(again // 5)
    marks = np.isin(np.arange(100), [0, 7])
    assert next_items(np.full((100, 2), 0.5), features, 50, labelled=marks)["row"].to_pylist() == again.tolist()


def test_a_quick_answer_is_worth_more():
    seconds = np.array([10.0, 1.0, 5.0])
    assert next_items([[0.5, 0.5]] * 3, budget=3, seconds=seconds)["row"].to_pylist() == [1, 2, 0]


def test_it_says_when_to_stop():
    def stop(expected):
        return json.loads(next_items(expected, budget=5).schema.metadata[b"karat"])["stop"]

    assert stop([[0.99, 0.01]] * 50)
    assert not stop([[0.6, 0.4]] * 50)


@pytest.mark.parametrize(
    "given",
    [
        {"pred_probs": [[0.9, 0.3]]},
        {"pred_probs": [[0.5, 0.5]], "features": np.ones((2, 3))},
        {"pred_probs": [[0.5, 0.5]], "seconds": [0.0]},
        {"pred_probs": [[0.5, 0.5]], "labelled": [3]},
    ],
)
def test_what_does_not_fit_is_refused(given):
    with pytest.raises(InputError):
        next_items(**given)


def test_options_that_cannot_be():
    with pytest.raises(OptionError):
        next_items()
    with pytest.raises(OptionError):
        next_items([[0.5, 0.5]], budget=0)


def test_it_can_be_called_from_the_room_however_often():
    import karat

    for _ in range(2):
        assert karat.label.next_items([[0.5, 0.5]], budget=1)["row"].to_pylist() == [0]


def test_a_rare_class_whose_items_are_all_alike_is_not_shut_out():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(400, 60))
    rare = np.arange(400) < 40
    features[rare] = 1 + 0.5 * rng.normal(size=(40, 60))
    expected = np.where(rare, 0.5, 0.9)
    probabilities = np.column_stack([expected, 1 - expected])
    asked = next_items(probabilities, features, 20, labelled=[399])["row"].to_numpy()
    assert rare[asked].sum() >= 15
