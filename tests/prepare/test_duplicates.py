import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.prepare.duplicates import tied_records


def clusters(block):
    """Which records are together, as sets of rows."""
    tied = tied_records(block)
    return sorted(np.flatnonzero(tied == cluster).tolist() for cluster in set(tied.tolist()))


def test_records_whose_features_agree_are_tied_whatever_their_target(make_block):
    block = make_block(
        a=("category", ["x", "X ", "ｘ", "y", "x"]),
        b=("text", ["one two", "One  two", "one\ttwo", "one two", "one"]),
        y=("target", ["0", "1", "0", "0", "0"]),
    )
    assert clusters(block) == [[0, 1, 2], [3], [4]]


def test_a_gap_agrees_with_a_gap_but_records_that_say_nothing_are_not_repeats(make_block):
    block = make_block(a=("category", ["x", "x", None, None]), b=("category", [None, None, None, None]))
    assert clusters(block) == [[0, 1], [2], [3]]
    block = make_block(a=("category", ["x", None]), b=("category", ["z", "z"]))
    assert clusters(block) == [[0], [1]]


def test_records_of_one_group_are_tied_and_ties_carry_over(make_block):
    block = make_block(
        a=("category", ["x", "x", "y", "z", "w", "v"]),
        g=("group", ["1", "2", "2", "3", None, None]),
    )
    assert clusters(block) == [[0, 1, 2], [3], [4], [5]]


def test_two_groups_columns_tie_by_either(make_block):
    block = make_block(
        a=("category", list("xyzw")), g=("group", ["1", "1", "2", "3"]), h=("group", ["a", "b", "b", "c"])
    )
    assert clusters(block) == [[0, 1, 2], [3]]


def test_clusters_are_numbered_from_nought(make_block):
    block = make_block(a=("category", ["x", "y", "x", "z"]))
    assert sorted(set(tied_records(block).tolist())) == [0, 1, 2]
    assert tied_records(make_block(a=("category", []))).tolist() == []


def test_what_is_no_feature_ties_nothing(make_block):
    block = make_block(a=("category", ["x", "y"]), i=("id", ["1", "1"]), y=("target", ["0", "0"]))
    assert clusters(block) == [[0], [1]]


def test_pictures_that_show_the_same_are_tied():
    from tests.quality._pictures import as_bytes, good_pictures

    cells = [as_bytes(picture) for picture in good_pictures(3)]
    cells.append(cells[1])
    table = pa.table({"p": pa.array(cells, pa.binary())})
    block = Block(np.arange(4), table, Schema((Column("p", Role.IMAGE, "binary"),)))
    assert clusters(block) == [[0], [1, 3], [2]]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_records_does_not_matter(make_block, seed):
    chance = np.random.default_rng(seed)
    cells, groups = chance.choice(list("abcdefgh"), 30), chance.choice([str(at) for at in range(20)], 30)
    block = make_block(a=("category", cells.tolist()), g=("group", groups.tolist()))
    mixed = chance.permutation(30)
    other = make_block(a=("category", cells[mixed].tolist()), g=("group", groups[mixed].tolist()))
    assert sorted(sorted(mixed[cluster].tolist()) for cluster in clusters(other)) == clusters(block)
