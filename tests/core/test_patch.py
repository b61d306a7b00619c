import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from karat.core.patch import apply, changes, no_changes, record_text, undo

CELLS = st.one_of(st.none(), st.text(max_size=4))


def table(cells):
    return pa.table(
        {"a": pa.array([c[0] for c in cells], pa.string()), "b": pa.array([c[1] for c in cells], pa.string())}
    )


def test_nothing_to_apply_gives_the_same_table():
    held, rows = table([("1", "2")]), np.arange(1)
    assert apply(held, rows, no_changes())[0] is held


def test_rows_that_are_not_there_are_passed_over():
    held, rows = table([("1", "2"), ("3", "4")]), np.array([5, 9])
    patch = changes(2, row=[7, 9], column="a", action="set", before=["?", "3"], after=["0", "8"], check="X")
    after, _ = apply(held, rows, patch)
    assert after["a"].to_pylist() == ["1", "8"]


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=12), st.data())
def test_undo_gives_the_table_back_value_for_value(cells, data):
    held, rows = table(cells), np.arange(len(cells)) * 3
    some = data.draw(
        st.lists(st.tuples(st.integers(0, len(cells) - 1), st.sampled_from(["a", "b"]), CELLS), max_size=8)
    )
    current, parts = held, [no_changes()]
    for at, name, new in some:  # one after another, so that a cell may be changed twice
        before = current[name][at].as_py()
        parts.append(
            changes(1, row=[int(rows[at])], column=name, action="set", before=[before], after=[new], check="X")
        )
        current, _ = apply(current, rows, parts[-1])
    gone = sorted(data.draw(st.sets(st.integers(0, len(cells) - 1), max_size=3)))
    parts.append(changes(len(gone), row=rows[gone], action="drop", before=record_text(current, gone), check="Y"))
    patch = pa.concat_tables(parts)
    after, left = apply(held, rows, patch)
    assert len(left) == len(cells) - len(gone)
    back, back_rows = undo(after, left, patch)
    assert back.equals(held)
    np.testing.assert_array_equal(back_rows, rows)
