"""What is given beside votes, and labels and probabilities given as arrays."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.label._given import listed, positions, probabilities, same_length
from karat.label.given import item_texts, read_gold, read_probabilities


def test_probabilities_near_one_are_scaled_to_one():
    out = probabilities([[0.5, 0.5009], [0.25, 0.75]])
    assert out.sum(axis=1) == pytest.approx(1, abs=1e-12)
    assert out[0, 1] == pytest.approx(0.5009 / 1.0009)
    assert out[1].tolist() == [0.25, 0.75]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[0.5, 0.502]], r"sums other than 1 in 1 of 1 rows \(row 0: 1.002\)"),
        ([[0.5, 0.498]], "sums other than 1"),
        ([[0.5, 0.5], [1.1, -0.1]], r"outside \[0, 1\] in 1 of 2 rows \(row 1\)"),
        ([[0.5, np.nan]] * 4, r"NaN in 4 of 4 rows \(row 0, row 1, row 2, …\)"),
        ([[0.5, np.nan]] * 3, r"NaN in 3 of 3 rows \(row 0, row 1, row 2\)"),
        ([[0.5], [0.5, 0.5]], "rows of different length"),
        ([0.5, 0.5], r"has shape \(2,\)"),
        (np.zeros((2, 0)), r"has shape \(2, 0\)"),
    ],
)
def test_what_is_no_probability_is_counted_and_shown(values, message):
    with pytest.raises(InputError, match=message):
        probabilities(values)


def test_answers_of_their_own_need_not_sum_to_one():
    assert probabilities([[0.9, 0.8]], sums=False).tolist() == [[0.9, 0.8]]
    assert probabilities([[-1e-10, 1 + 5e-7]], sums=False).tolist() == [[0, 1]]
    with pytest.raises(InputError, match="outside"):
        probabilities([[0.9, 1.00001]], sums=False)
    with pytest.raises(InputError, match="outside"):
        probabilities([[0.9, -1e-8]], sums=False)


def test_labels_are_listed_as_plain_values():
    assert listed(pa.array(["a", None])) == ["a", None]
    assert listed(pa.chunked_array([[1], [2]])) == [1, 2]
    assert listed(np.array([1, 2])) == [1, 2]
    values = listed((np.int64(3), "b"))
    assert values == [3, "b"]
    assert type(values[0]) is int
    for wrong in ("abc", b"abc", 7):
        with pytest.raises(InputError, match=f"type {type(wrong).__name__}"):
            listed(wrong)


def test_labels_are_positions_among_the_classes():
    codes, names = positions(np.array([0, 2]), 3, None)
    assert (codes.tolist(), names) == ([0, 2], None)
    assert positions([0, 2], 3, None)[1] is None
    assert positions([1.0, 0.0], 2, None)[0].tolist() == [1, 0]
    codes, names = positions(["b", "a"], 3, ["b", "c", "a"])
    assert (codes.tolist(), names) == ([0, 2], ["b", "c", "a"])


def test_whole_numbers_are_names_where_names_are_numbers_and_places_elsewhere():
    assert positions([20, 10], 2, [10, 20])[0].tolist() == [1, 0]
    assert positions(np.array([1, 0]), 2, ["no", "yes"])[0].tolist() == [1, 0]
    assert positions([True, False], 2, None)[0].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("labels", "count", "classes", "message"),
    [
        (np.array([0, 2, -1]), 2, None, r"2 labels are not among the 2 classes \(row 1: .*2.*, row 2: .*-1"),
        ([0, 2], 2, None, r"1 label is not among the 2 classes \(row 1: 2\)"),
        ([0, None], 1, None, r"row 1: None"),
        ([0.0, float("nan"), 0.5], 2, None, r"2 labels are not .*row 1: nan, row 2: 0.5"),
        (["a", "b", "c", "d", "e"], 1, ["x"], r"5 labels are not .*row 2: 'c', …"),
        (["a", "b"], 2, None, "labels are names \\('a'\\), and nothing says which column"),
        (["a", "b"], 2, ["a", "a"], "classes names 2"),
        (["a", "b"], 3, ["a", "b"], "pred_probs has 3 columns"),
    ],
)
def test_labels_outside_the_classes_are_counted_and_shown(labels, count, classes, message):
    with pytest.raises(InputError, match=message):
        positions(labels, count, classes)


def test_labels_and_answers_are_of_one_length():
    same_length(2, 2)
    with pytest.raises(InputError, match="1,000 labels and 2 rows"):
        same_length(1000, 2)


LINES = ("a x 1", "b x 2", "c y 1")


def test_known_answers_become_codes_in_the_order_of_the_items(ballots):
    gold = read_gold({"item": ["c", "elsewhere", "a", "b"], "label": ["2", "1", "1", None]}, ballots(*LINES))
    assert gold.item.tolist() == [0, 2]
    assert gold.label.tolist() == [0, 1]
    assert read_gold(None, ballots(*LINES)) is None


@pytest.mark.parametrize(
    ("gold", "message"),
    [
        ({"item": ["a"]}, "lacks the columns label"),
        ({"item": ["a", "b"], "label": ["3", "1"]}, "1 answers of gold are not among the classes: '3'"),
        ({"item": ["a", "a", "b", "b", "c"], "label": ["1"] * 5}, "2 items are in gold twice: 'a', 'b'"),
        ({"item": ["z"], "label": ["1"]}, "none of the items of gold has votes"),
        ({"item": ["a"], "label": pa.array([None], pa.string())}, "none of the items of gold has votes"),
    ],
)
def test_known_answers_that_do_not_fit_are_refused(ballots, gold, message):
    with pytest.raises(InputError, match=message):
        read_gold(gold, ballots(*LINES))


def test_a_models_probabilities_are_put_in_the_order_of_items_and_classes(ballots):
    out = read_probabilities({"item": ["c", "a"], "2": [0.25, 1.0], "1": [0.75, 0.0]}, ballots(*LINES))
    assert out[2].tolist() == [0.75, 0.25]
    assert np.isnan(out[1]).all()


def test_probabilities_that_sum_nearly_to_one_are_scaled(ballots):
    out = read_probabilities(np.array([[0.5, 0.5005], [1, 0], [0, 1]]), ballots(*LINES))
    assert out.sum(axis=1) == pytest.approx(1, abs=1e-12)
    assert read_probabilities(None, ballots(*LINES)) is None


@pytest.mark.parametrize(
    ("probs", "message"),
    [
        ({"item": ["a"], "1": [1.0]}, "lacks the columns 2"),
        ({"item": ["z"], "1": [1.0], "2": [0.0]}, "1 lines of probs are not items of the votes: item 'z'"),
        ({"item": ["a", "a"], "1": [1.0, 1.0], "2": [0.0, 0.0]}, "repeats 1 items"),
        ({"item": ["a"], "1": ["much"], "2": ["0"]}, "column '1' of probs is not numbers"),
        (np.ones((2, 2)), r"has shape \(2, 2\), and there are 3 items and 2 classes"),
        (np.full((3, 2), 0.502), "3 lines of probs are not probabilities that sum to one"),
        (np.array([[0, 1], [1, 0], [np.inf, 0]]), "1 lines of probs are not numbers without gaps: item 'c'"),
        (np.array([[-0.5, 1.5], [1, 0], [1, 0]]), "1 lines of probs are not probabilities between 0 and 1"),
    ],
)
def test_probabilities_that_do_not_fit_are_refused(ballots, probs, message):
    with pytest.raises(InputError, match=message):
        read_probabilities(probs, ballots(*LINES))


def test_only_the_first_refused_lines_are_shown(ballots):
    votes = ballots(*(f"i{at} x {at % 2}" for at in range(5)))
    with pytest.raises(InputError, match=r"item 'i2' \[1.0, 1.0\] and 2 more"):
        read_probabilities(np.ones((5, 2)), votes)
    with pytest.raises(InputError, match=r"item 'i2' \[1.0, 1.0\]\."):
        read_probabilities(np.concatenate([np.ones((3, 2)), np.eye(2)]), votes)


def test_texts_of_items_are_their_long_and_varied_columns():
    table = {
        "id": ["identifier-1", "identifier-2"],
        "text": ["eight ch", "八个字的中文文本"],
        "split": ["training", "training"],
    }
    assert item_texts(table) == ["eight ch\ntraining", "八个字的中文文本\ntraining"]  # half of the cells differ
    table |= {"split": ["train"] * 2, "n": [1, 2]}
    assert item_texts(pa.table(table)) == ["eight ch", "八个字的中文文本"]
    assert item_texts([{"item": "a", "text": "long enough"}, {"item": "b", "text": None}]) == ["long enough", ""]


def test_short_and_repeated_cells_are_no_texts():
    assert item_texts({"text": ["seven c", "seven d"]}) is None
    assert item_texts({"text": ["the same text"] * 3}) is None
    assert item_texts(["long enough name", "another long name"]) is None
    assert item_texts(pa.array(["long enough name"])) is None
    assert item_texts([]) is None
