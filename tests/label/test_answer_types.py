"""What kind of answer a vote gives is read from the values, and said."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.errors import OptionError
from karat.label.answer_types import answer_type, nearness, numbers_of, parsed, separator_of


def kind(answers, classes=None, asked="auto", items=None):
    coded = pa.array(answers).dictionary_encode()
    item = np.arange(len(answers)) // 4 if items is None else np.asarray(items)
    return answer_type(coded.dictionary, item, np.asarray(coded.indices), classes, asked)


def ratings(seed=0, levels=5, near=True):
    """Four votes an item: near the true level, or on any other."""
    chance = np.random.default_rng(seed)
    truth = np.repeat(chance.integers(0, levels, 150), 4)
    slip = chance.choice([-1, 0, 0, 1], len(truth)) if near else chance.integers(0, levels, len(truth))
    said = np.clip(truth + slip, 0, levels - 1) if near else np.where(chance.random(len(truth)) < 0.6, truth, slip)
    return [str(level) for level in said]


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        (["cat", "dog", "cat", "dog"], "class"),
        (["1", "0", "1", "1"], "class"),
        ([f"{at}.5" for at in range(20)], "number"),
        ([str(at * 7) for at in range(30)], "number"),
        (["a;b", "a", "b", "b;a"], "labels"),
        (['["a", "b"]', '["a"]', "[]"], "labels"),
        (['[{"start": 0, "end": 2}]', "[]"], "span"),
        (['[{"x": 0, "y": 2, "width": 1, "height": 1}]'], "box"),
        (["[unreadable", "[as JSON"], "class"),
        (["a|b", "c|d"], "class"),
    ],
)
def test_types_are_read_from_the_values(answers, name):
    assert kind(answers).name == name


def test_levels_are_those_whose_differing_votes_are_neighbours():
    levels = kind(ratings())
    assert (levels.name, "differing votes lie near each other" in levels.reason) == ("ordinal", True)
    codes = kind(ratings(near=False))
    assert (codes.name, codes.reason) == ("class", "5 classes; differing votes are no nearer than chance")
    assert kind(ratings(levels=3)).name == "class"  # three levels show no order
    names = {"0": "poor", "1": "fair", "2": "good", "3": "great", "4": "superb"}
    texts = [names[level] for level in ratings()]
    assert kind(texts).name == "class"
    assert kind(texts, classes=list(names.values())).name == "ordinal"


def test_many_codes_are_classes_where_votes_that_differ_are_far_apart():
    assert kind(ratings(levels=60, near=False)).name == "class"
    assert kind(ratings(levels=60)).name == "number"


def test_a_type_that_is_asked_for_is_taken():
    assert kind(["1", "2"], asked="number").reason == "as asked for"
    with pytest.raises(OptionError, match="Did you mean 'ordinal'"):
        kind(["1"], asked="ordinals")


def test_nearness_is_one_for_neighbours_and_nothing_without_differing_votes():
    item = np.repeat(np.arange(40), 2)
    assert nearness(item, np.tile([0, 1, 1, 2, 2, 3, 3, 4], 10), 5)[:2] == (pytest.approx(1.0), 40)
    assert nearness(item, np.zeros(80, int), 5) == (0.0, 0, False)
    assert nearness(np.arange(4), np.arange(4), 5) == (0.0, 0, False)


def test_numbers_json_and_separators():
    assert numbers_of(["1", "2.5", "-3e2"]).tolist() == [1, 2.5, -300]
    assert numbers_of(["1", "x"]) is numbers_of(["nan"]) is numbers_of(["inf"]) is None
    assert parsed('{"a": 1}') == [{"a": 1}]
    assert parsed("[1, 2]") == [1, 2]
    assert parsed("7") is parsed("[7") is None
    assert separator_of(["a；b", "b", "a"]) == "；"
    assert separator_of(["a", "b"]) is None
