"""Votes in all the forms they come in, and the rule for those that are repeated."""

import json

import pyarrow as pa
import pytest

import karat
from karat.core.errors import InputError, OptionError
from karat.label.vote_table import vote_table

TWICE = {"item": ["a", "b", "a"], "voter": ["x", "x", "x"], "label": ["p", "q", "q"]}


def answers(table):
    return [table.answers[at].as_py() for at in table.answer]


def test_repeated_votes_follow_the_rule_and_are_counted():
    last = vote_table(TWICE)
    assert answers(last) == ["q", "q"]
    assert last.notes == (
        "1 votes repeat a vote of the same voter on the same item, 1 with another answer: the last counts (--keep)",
    )
    assert last.row.tolist() == [1, 2]
    assert answers(vote_table(TWICE, keep="first")) == ["p", "q"]
    assert answers(vote_table(TWICE, keep="all")) == ["p", "q", "q"]
    assert "all count" in vote_table(TWICE, keep="all").notes[0]
    with pytest.raises(OptionError, match=r"'newest' not found \(--keep\)"):
        vote_table(TWICE, keep="newest")


def test_counts_are_votes_of_nobody_in_particular():
    counts = {"item": ["a", "b", "a"], "label": ["p", "q", "q"], "count": [3, 1, 2]}
    table = vote_table(counts)
    assert table.anonymous
    assert len(table.answer) == 6
    assert len({(i, v) for i, v in zip(table.item.tolist(), table.voter.tolist(), strict=True)}) == 6
    found = karat.label.aggregate(counts)
    assert found.labels.select(["item", "label", "votes"]).to_pylist() == [
        {"item": "a", "label": "p", "votes": 5},
        {"item": "b", "label": "q", "votes": 1},
    ]
    assert (found.chosen.method, found.chosen.why) == ("majority", "counts alone do not say who cast the votes")
    assert found.counts.to_pylist()[0] == {"item": "a", "label": "p", "count": 3}
    again = karat.label.aggregate(found.counts)
    assert again.labels.equals(found.labels)
    with pytest.raises(OptionError, match="needs to know who cast each vote"):
        karat.label.aggregate(counts, method="dawid_skene")
    with pytest.raises(InputError, match="1 votes have no whole count: vote 2"):
        vote_table(counts | {"count": [3, 1.5, 2]})


def test_a_column_a_class_is_counts_or_probabilities():
    assert vote_table({"item": ["a", "b"], "p": [2, 0], "q": [1, 1]}).anonymous
    soft = vote_table({"item": ["a", "a"], "voter": ["x", "y"], "p": [0.9, 0.25], "q": [0.1, 0.75]})
    assert soft.weight.tolist() == [0.9, 0.1, 0.25, 0.75]
    with pytest.raises(InputError, match="lack the columns label"):
        vote_table({"item": ["a"], "voter": ["x"], "p": ["often"]})


def test_probabilities_of_voters_are_shares_of_a_vote():
    lines = [(f"i{at}", who, label, p) for at in range(30) for who in "xyz" for label, p in (("p", 0.8), ("q", 0.2))]
    item, voter, label, probability = zip(*lines, strict=True)
    votes = {"item": item, "voter": voter, "label": label, "probability": probability}
    found = karat.label.aggregate(votes, method="majority")
    assert set(found.labels["label"].to_pylist()) == {"p"}
    assert found.counts["count"].to_pylist()[:2] == pytest.approx([2.4, 0.6])
    assert karat.label.aggregate(votes).chosen.method == "dawid_skene"
    with pytest.raises(OptionError, match="glad does not read probabilities"):
        karat.label.aggregate(votes, method="glad")
    with pytest.raises(InputError, match=r"have no probability in \[0, 1\]: vote 1"):
        vote_table(votes | {"probability": [1.5, *probability[1:]]})
    with pytest.raises(InputError, match="sum to 0"):
        vote_table(votes | {"probability": [0.0, 0.0, *probability[2:]]})
    with pytest.raises(InputError, match="is not numbers"):
        vote_table(votes | {"probability": ["high"] * len(item)})


def test_a_line_a_span_becomes_an_answer():
    table = vote_table(
        {"item": ["a", "a", "b"], "voter": ["x", "x", "x"], "start": ["0", "7", None], "end": ["3", "9", None]}
    )
    assert [json.loads(text) for text in answers(table)] == [[{"start": 0, "end": 3}, {"start": 7, "end": 9}], []]


def test_lists_are_read_as_answers_and_nowhere_else():
    votes = {"item": ["a"], "voter": ["x"], "label": pa.array([["p", "q"]])}
    assert answers(vote_table(votes)) == ['["p", "q"]']
    with pytest.raises(InputError, match="column 'voter' of votes is of type list"):
        vote_table({"item": ["a"], "voter": pa.array([["x"]]), "label": ["p"]})
