"""Votes whose columns have other names: taken by content, or not at all."""

import pyarrow as pa
import pytest

from karat.core.errors import OptionError
from karat.label.vote_columns import read_columns, with_vote_columns


def votes(item: str = "t", voter: str = "r", label: str = "s", **more: list) -> pa.Table:
    """Forty items with three of four voters each, who mostly agree."""
    lines = [(f"i{at}", f"w{(at + k) % 4}", "ab"[(at % 3 == 0) ^ (at + k == 9)]) for at in range(40) for k in range(3)]
    columns = dict(zip((item, voter, label), zip(*lines, strict=True), strict=True))
    return pa.table({name: pa.array(cells) for name, cells in (columns | more).items()})


def test_three_columns_are_told_by_what_they_hold_in_whatever_order():
    for order in (["t", "r", "s"], ["s", "t", "r"], ["r", "s", "t"]):
        table, said = with_vote_columns(votes().select(order), {})
        assert table.select(["item", "voter", "label"]).equals(votes("item", "voter", "label"))
    assert said == "item = t, voter = r, label = s (taken by content; set others: --columns)"


def test_what_has_its_name_stays_and_nothing_is_said():
    plain = votes("item", "voter", "label")
    assert with_vote_columns(plain, {}) == (plain, "")
    table, said = with_vote_columns(votes("item", "rater", "score"), {})
    assert (table.column_names, said[:32]) == (["item", "voter", "label"], "voter = rater, label = score (ta")


def test_among_more_columns_the_names_have_to_agree_too():
    seconds = [at % 50 / 2 for at in range(120)]
    table, _ = with_vote_columns(votes("task_id", "workerName", "answer", seconds=seconds), {})
    assert table.column_names == ["item", "voter", "label", "seconds"]
    foreign = votes("t", "r", "s", seconds=seconds)
    assert with_vote_columns(foreign, {}) == (foreign, "")


def test_a_name_that_the_content_speaks_against_is_not_taken():
    one_a_voter = pa.table({"item": ["a", "a", "b"], "rater": ["x", "y", "z"], "score": [1, 1, 2]})
    assert with_vote_columns(one_a_voter, {}) == (one_a_voter, ""), "each voter has one vote"
    classes = pa.table({"item": ["a", "b"], "p": [2, 0], "q": [1, 1]})
    assert with_vote_columns(classes, {}) == (classes, ""), "a column a class: no item repeats"
    counted = votes("item", "count", "label")
    assert with_vote_columns(counted, {}) == (counted, "")


def test_columns_that_fit_equally_well_are_left_to_a_person():
    twins = votes("task", "rater", "score")
    twins = twins.append_column("vote", twins["score"])
    assert with_vote_columns(twins, {}) == (twins, "")
    table, said = with_vote_columns(twins, {"label": "vote"})
    assert table.column_names == ["item", "voter", "score", "label"]
    assert "label = vote" in said


def test_what_the_user_sets_is_taken_unasked_and_wrong_names_are_told():
    table, said = with_vote_columns(votes(), read_columns("item=r, voter=t,label=s"))
    assert table["item"].to_pylist() == votes()["r"].to_pylist()
    assert said == "item = r, voter = t, label = s (as set with --columns)"
    other = votes("item", "voter", "label", second=["c"] * 120)
    assert with_vote_columns(other, {"label": "second"})[0]["label"].to_pylist() == ["c"] * 120
    with pytest.raises(OptionError, match="'rater' not found"):
        with_vote_columns(votes(), {"voter": "rater"})
    with pytest.raises(OptionError, match="'voters' not found"):
        with_vote_columns(votes(), {"voters": "r"})
    with pytest.raises(OptionError, match="Write it like voter=rater"):
        read_columns("voter")
