"""What lies between two states, worked out by hand."""

import json

import numpy as np
import pyarrow as pa

from karat.store.difference import DIFFERENCE, difference

BEFORE = pa.table({"a": ["1", "2", None, "4"], "b": ["x", None, "z", "w"]})
ROWS = np.array([3, 5, 8, 9])


def changes(before: pa.Table, before_rows: np.ndarray, after: pa.Table, after_rows: np.ndarray) -> list[tuple]:
    table = difference(before, before_rows, after, after_rows)
    assert table.schema == DIFFERENCE
    return [tuple(entry.values()) for entry in table.to_pylist()]


def test_the_same_state_twice_has_none() -> None:
    assert changes(BEFORE, ROWS, BEFORE, ROWS) == []
    assert changes(BEFORE.slice(0, 0), ROWS[:0], BEFORE.slice(0, 0), ROWS[:0]) == []


def test_cells_by_row_and_then_by_column_with_blanks_on_either_side() -> None:
    after = pa.table({"a": ["1", None, None, "5"], "b": ["y", "q", "z", None]})
    assert changes(BEFORE, ROWS, after, ROWS) == [
        (3, "b", "x", "y", "set"),
        (5, "a", "2", None, "set"),
        (5, "b", None, "q", "set"),
        (9, "a", "4", "5", "set"),
        (9, "b", "w", None, "set"),
    ]


def test_records_that_went_or_came_are_shown_whole() -> None:
    after = pa.table({"a": ["2", "4", "城"], "b": [None, "w", None]})
    result = changes(BEFORE, ROWS, after, np.array([5, 9, 11]))
    assert [(row, column, action) for row, column, _, _, action in result] == [
        (3, None, "drop"),
        (8, None, "drop"),
        (11, None, "add"),
    ]
    assert json.loads(result[1][2]) == {"a": None, "b": "z"}
    assert result[2][2:4] == (None, '{"a": "城", "b": null}')


def test_columns_that_went_or_came_stand_first() -> None:
    after = pa.table({"c": ["p"] * 4, "a": ["1", "2", "3", "4"]})
    assert changes(BEFORE, ROWS, after, ROWS) == [
        (None, "b", None, None, "drop"),
        (None, "c", None, None, "add"),
        (8, "a", None, "3", "set"),
    ]


def test_bytes_are_shown_by_their_length() -> None:
    before, after = pa.table({"p": [b"\xff\x00", b"x"]}), pa.table({"p": pa.array([b"\xff\x01\x02", b"x"])})
    assert changes(before, np.arange(2), after, np.arange(2)) == [(0, "p", "<2 bytes>", "<3 bytes>", "set")]
    assert changes(before, np.arange(2), before.slice(1), np.arange(1, 2))[0][2] == '{"p": "<2 bytes>"}'


def test_what_is_set_one_way_is_set_back_the_other() -> None:
    after = pa.table({"a": pa.array(["1", "9", "7"], pa.large_string()), "b": ["x", None, "z"]})
    there = changes(BEFORE, ROWS, after, np.array([3, 5, 8]))
    back = changes(after, np.array([3, 5, 8]), BEFORE, ROWS)
    turned = {"set": "set", "drop": "add", "add": "drop"}
    assert [(row, column, new, old, turned[action]) for row, column, old, new, action in back] == there
