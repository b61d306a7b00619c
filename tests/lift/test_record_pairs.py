"""Two versions are paired by what their records hold: sorted, sampled, edited, re-spelled and appended files."""

import numpy as np
import pyarrow as pa
import pytest
from sklearn.datasets import load_breast_cancer, load_wine

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Column, Role, Schema
from karat.lift.record_pairs import BY_CONTENT, BY_POSITION, record_pairs


def block(cells):
    columns = tuple(Column(name, Role.CATEGORY) for name in cells)
    table = pa.table({name: pa.array(list(values), pa.string()) for name, values in cells.items()})
    return Block(np.arange(table.num_rows), table, Schema(columns))


def bundled(load=load_wine, columns=6):
    data = load()
    cells = {f"c{at}": [f"{v:g}" for v in data.data[:, at]] for at in range(columns)}
    return cells | {"y": [str(v) for v in data.target]}


def few_values(n=300, seed=0):
    """A table of categories in which many records are equal."""
    rng = np.random.default_rng(seed)
    return {f"c{at}": [f"v{v}" for v in rng.integers(0, 3, n)] for at in range(3)} | {
        "y": [str(v) for v in rng.integers(0, 2, n)]
    }


def taken(cells, at):
    return {name: [values[i] for i in at] for name, values in cells.items()}


def edited(cells, share, seed=1):
    rng = np.random.default_rng(seed)
    out = {}
    for name, values in cells.items():
        hit = rng.random(len(values)) < share
        out[name] = [values[rng.integers(len(values))] if h else v for v, h in zip(values, hit, strict=True)]
    return out


def paired(before, after):
    return record_pairs(block(before), block(after), list(before))


@pytest.mark.parametrize("share", [0.0, 0.05, 0.3])
def test_edited_in_place_is_paired_by_position(share):
    for cells in (bundled(), few_values()):
        places, words = paired(cells, edited(cells, share))
        assert places.tolist() == list(range(len(cells["y"])))
        assert words == BY_POSITION


@pytest.mark.parametrize("share", [0.0, 0.02, 0.1])
def test_a_sorted_file_is_paired_by_content(share):
    cells = bundled(load_breast_cancer, 12)
    order = np.random.default_rng(2).permutation(len(cells["y"]))
    places, words = paired(cells, taken(edited(cells, share), order))
    assert words == BY_CONTENT
    assert (places == order).mean() >= 0.995
    assert not ((places >= 0) & (places != order)).any()


def test_equal_records_are_exchanged_without_harm():
    cells = few_values()
    order = np.random.default_rng(3).permutation(300)
    places, words = paired(cells, taken(cells, order))
    assert words == BY_CONTENT
    assert sorted(places.tolist()) == list(range(300))
    assert taken(cells, places) == taken(cells, order)


def test_a_sample_and_an_appended_file():
    cells = bundled()
    some = np.sort(np.random.default_rng(4).choice(178, 120, replace=False))
    places, _ = paired(cells, taken(cells, some))
    assert places.tolist() == some.tolist()
    places, _ = paired(taken(cells, range(100)), cells)
    assert places.tolist() == [*range(100), *[-1] * 78]


def test_copies_that_were_added_are_new_records():
    cells = bundled()
    places, _ = paired(cells, taken(cells, [*range(178), 3, 3, 7]))
    assert sorted(places.tolist()) == [-1, -1, -1, *range(178)]


def test_numbers_and_case_may_be_written_otherwise():
    cells = bundled()
    order = np.random.default_rng(5).permutation(178)
    again = {name: [f" {float(v):.4f}" for v in values] for name, values in taken(cells, order).items()}
    places, _ = paired(cells, again)
    assert places.tolist() == order.tolist()


def test_a_column_that_identifies_is_taken_and_row_numbers_written_anew_are_not():
    cells = bundled()
    order = np.random.default_rng(6).permutation(178)
    named = cells | {"who": [f"p{at}" for at in range(178)]}
    places, words = paired(named, taken(edited(named, 0) | {"c0": cells["c0"][::-1]}, order))
    assert words == "column who"
    assert places.tolist() == order.tolist()
    numbered = {"n": [str(at) for at in range(178)]}
    places, words = paired(numbered | cells, numbered | taken(cells, order))
    assert words == BY_CONTENT
    assert places.tolist() == order.tolist()


def test_what_cannot_be_told_is_refused():
    cells = few_values()
    order = np.random.default_rng(7).permutation(300)
    with pytest.raises(InputError, match="300 records before and 300 after cannot be paired") as error:
        paired(cells, taken(edited(cells, 0.2), order))
    assert "--key" in str(error.value)
    with pytest.raises(InputError, match="too few values are the same"):
        paired({"x": ["a", "b"]}, {"x": ["c", "d"]})
    with pytest.raises(InputError, match="cannot be paired"):
        paired({"x": ["a", "b", "a"]}, {"x": []})
