import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.core.patch import apply, changes, no_changes, record_text, undo, unresolved

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
    turned, _ = apply(held, rows, patch.take([1, 0]))
    assert turned["a"].to_pylist() == ["1", "8"]


def test_a_row_after_the_last_is_passed_over_though_the_last_but_one_is_there():
    held, rows = table([("1", "2"), ("3", "4")]), np.array([5, 9])
    patch = changes(2, row=[9, 12], column="b", action="set", before=["4", "?"], after=["8", "0"], check="X")
    assert apply(held, rows, patch)[0]["b"].to_pylist() == ["2", "8"]


def test_without_a_ledger_or_without_findings_nothing_is_left_out():
    findings = pa.table({"row": pa.array([3], pa.int64()), "column": ["a"]})
    assert unresolved(findings, no_changes()) is findings
    entry = changes(1, row=[3], column="a", action="set", after=["x"], check="C")
    nothing = findings.slice(0, 0)
    assert unresolved(nothing, entry) is nothing


@settings(deadline=None)
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


@pytest.mark.parametrize(
    "columns",
    [
        {"check": "A"},
        {"action": "set"},
        {"action": "set", "check": "A", "colour": "red"},
        {},
    ],
)
def test_a_change_without_action_or_check_or_with_an_unknown_column_is_refused(columns):
    with pytest.raises(TypeError, match="a change needs action and check"):
        changes(1, row=[0], **columns)


def test_a_change_says_who_and_of_what_kind_unless_told_otherwise():
    plain = changes(2, action="set", check="A", row=[0, 1], column="town").to_pylist()
    assert [(entry["who"], entry["kind"], entry["column"], entry["before"]) for entry in plain] == [
        ("karat", "fact", "town", None)
    ] * 2
    (mine,) = changes(1, action="set", check="A", row=[0], who="me", kind="form").to_pylist()
    assert (mine["who"], mine["kind"]) == ("me", "form")


def test_findings_that_no_change_dealt_with_are_unresolved():
    findings = pa.table(
        {
            "row": pa.array([0, 0, 1, 2, 3, None], pa.int64()),
            "column": ["town", "code", "town", None, "town", "town"],
        }
    )
    ledger = pa.concat_tables(
        [
            changes(1, action="set", check="A", row=[0], column="town", after=["Rome"]),
            changes(1, action="drop", check="B", row=[2]),
            changes(1, action="edit", check="C", row=[3], column="town", after=["Oslo"]),
            changes(1, action="quarantine", check="D", row=[9]),
        ]
    )
    left = unresolved(findings, ledger)
    assert left.to_pylist() == [
        {"row": 0, "column": "code"},
        {"row": 1, "column": "town"},
        {"row": None, "column": "town"},
    ]
    assert unresolved(findings, no_changes()).equals(findings)
    assert unresolved(findings.slice(0, 0), ledger).num_rows == 0


def test_undo_of_a_cell_written_twice_brings_back_what_stood_first():
    table, rows = pa.table({"town": ["Rmoe"]}), np.array([7])
    ledger = pa.concat_tables(
        [
            changes(1, action="set", check="A", row=[7], column="town", before=["Rmoe"], after=["Rom"]),
            changes(1, action="set", check="B", row=[7], column="town", before=["Rom"], after=["Rome"]),
        ]
    )
    after, kept = apply(table, rows, ledger)
    assert after["town"].to_pylist() == ["Rome"]
    back, numbers = undo(after, kept, ledger)
    assert back["town"].to_pylist() == ["Rmoe"]
    assert numbers.tolist() == [7]
