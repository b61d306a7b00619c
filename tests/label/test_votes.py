"""What is read as a vote, and what is refused."""

import numpy as np
import pandas as pd
import pytest

import karat
from karat.core.errors import InputError, OptionError
from karat.label.votes import read_votes

GOOD = {"item": ["a", "a", "b", "b"], "voter": ["x", "y", "x", "y"], "label": ["猫", "狗", "猫", None]}


def test_an_abstention_is_no_vote():
    votes = read_votes(GOOD)
    assert len(votes) == 3
    assert votes.classes.to_pylist() == ["狗", "猫"]
    assert votes.counts().tolist() == [[1, 1], [0, 1]]


def test_items_nobody_voted_on_get_a_line():
    found = karat.label.aggregate(GOOD, items=["b", "a", "c"], method="majority")
    assert found.labels["item"].to_pylist() == ["b", "a", "c"]
    assert found.labels["votes"].to_pylist() == [1, 2, 0]
    assert found.ties.without_votes == 1


def test_numbers_are_ordered_by_value_and_floats_read_as_whole():
    frame = pd.DataFrame({"item": [1, 2, 3], "voter": [1, 1, 1], "label": [10.0, 9.0, np.nan]})
    votes = read_votes(frame)
    assert votes.classes.to_pylist() == ["9", "10"]
    assert len(votes) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"items": ["a"]},
            r"2 votes are for items that are not in the list: vote 3 \(item 'b', voter 'x', label '猫'\); vote 4",
        ),
        ({"classes": ["狗", "鸟"]}, r"2 votes have labels that are not among '狗', '鸟': vote 1 .*'猫'"),
        ({"item": ["a", None, "b", "b"]}, r"1 votes have no item"),
        ({"label": [None] * 4}, "no votes, only abstentions"),
        ({"items": ["a", "b", "b"]}, "1 items are named twice"),
    ],
)
def test_bad_votes_are_counted_and_shown(change, said):
    votes = GOOD | {name: held for name, held in change.items() if name in GOOD}
    options = {name: held for name, held in change.items() if name not in GOOD}
    with pytest.raises(InputError, match=said):
        karat.label.aggregate(votes, **options)


def test_a_missing_column_and_an_unknown_method_are_named():
    with pytest.raises(InputError, match="lack the columns voter, label, and have item, worker"):
        read_votes({"item": ["a"], "worker": ["x"]})
    with pytest.raises(OptionError, match="Did you mean 'dawid_skene'"):
        karat.label.aggregate(GOOD, method="dawid_sken")
    with pytest.raises(OptionError, match=r"needs .*--gold"):
        karat.label.aggregate(GOOD, method="known_answers")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([[0.5, 0.6], [1, 0]], r"1 lines of probs are not probabilities that sum to one: item 'a' \[0.5, 0.6\]"),
        ([[np.nan, 0.6], [np.nan, 0]], "2 lines of probs are not numbers without gaps"),
        ([[1.2, -0.2], [1, 0]], "1 lines of probs are not probabilities between 0 and 1"),
        ([[1.0], [1.0]], r"probabilities of shape \(2, 2\)"),
    ],
)
def test_bad_probabilities_are_counted_and_shown(lines, said):
    with pytest.raises(InputError, match=said):
        karat.label.aggregate(GOOD, probs=np.array(lines))


def test_probabilities_are_matched_by_name():
    chance = np.random.default_rng(2)
    truth = chance.integers(0, 2, 300)
    item, voter = np.repeat(np.arange(300), 2), np.tile(["x", "y"], 300)
    said = np.where(chance.random(600) < 0.65, truth[item], 1 - truth[item])
    votes = {"item": [f"i{at}" for at in item], "voter": voter.tolist(), "label": [("猫", "狗")[one] for one in said]}
    order = chance.permutation(300)
    probs = {"item": [f"i{at}" for at in order], "猫": np.where(truth[order], 0.03, 0.97)}
    found = karat.label.aggregate(votes, probs=probs | {"狗": 1 - probs["猫"]}, method="with_model")
    assert np.mean(np.array(found.labels["label"].to_pylist()) == np.where(truth, "狗", "猫")) > 0.95
    with pytest.raises(InputError, match="lacks the columns 狗"):
        karat.label.aggregate(GOOD, probs={"item": ["b", "a"], "猫": [1, 1]})


def test_bad_known_answers_are_refused():
    with pytest.raises(InputError, match="1 answers of gold are not among the classes: '鸟'"):
        karat.label.aggregate(GOOD, gold={"item": ["a"], "label": ["鸟"]})
    with pytest.raises(InputError, match="1 items are in gold twice: 'a'"):
        karat.label.aggregate(GOOD, gold={"item": ["a", "a"], "label": ["狗", "猫"]})


def test_classes_that_differ_in_case_are_said_and_merged_by_naming_them():
    lines = {"item": ["a", "b", "c"], "voter": ["x", "x", "x"], "label": ["Cat", "cat", "ＤＯＧ"]}
    apart = read_votes(lines)
    assert apart.classes.to_pylist() == ["Cat", "cat", "ＤＯＧ"]
    assert apart.notes[0].startswith("classes differ only in case or width and are counted apart: 'Cat' (1)/'cat' (1)")
    merged = read_votes(lines, classes=["cat", "dog"])
    assert merged.label.tolist() == [0, 0, 1]
    assert merged.notes == ("counted as the class they differ from only in case or width: 'Cat', 'ＤＯＧ'",)
    assert read_votes({"item": ["a"], "voter": ["x"], "label": ["cat"]}).notes == ()


def test_the_leading_answer_of_a_voter_with_probabilities(ballots):
    soft = {"item": ["a", "a", "b"], "voter": ["x"] * 3, "label": ["p", "q", "p"], "probability": [0.3, 0.7, 1.0]}
    votes = read_votes(soft)
    assert votes.counts().tolist() == [[0.3, 0.7], [1, 0]]
    assert votes.leading().counts().tolist() == [[0, 1], [1, 0]]
    assert votes.only(votes.item == 0).weight.tolist() == [0.3, 0.7]
    whole = ballots("a x 1")
    assert whole.leading() is whole
