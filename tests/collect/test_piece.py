"""Pieces of a corpus, and parts joined in their order."""

import pyarrow as pa

from karat.collect.piece import QUARANTINE, Part, Piece, joined, quarantine_table, strings
from karat.collect.reading import quarantined


def part(*texts: str, broken: int = 0, passed: dict[str, int] | None = None, **columns: list[str]) -> Part:
    table = pa.table({"text": pa.array(list(texts), pa.string())} | columns)
    entries = [quarantined("x", f"e{at}", b"raw", at, at) for at in range(broken)]
    return Part(table, quarantine_table(entries), passed or {})


def test_a_piece_is_named_by_its_first_file() -> None:
    assert Piece("files", ("a", "b"), ("a", "b"), ("text",)).path == "a"


def test_entries_of_the_quarantine_as_a_table() -> None:
    table = quarantine_table([quarantined("x", "broken", b"ab", 3, 9)])
    assert table.schema == QUARANTINE
    assert table.to_pylist() == [
        {"source": "x", "line": 3, "offset": 9, "length": 2, "row": None, "error": "broken", "raw": b"ab"}
    ]
    assert quarantine_table([]).num_rows == 0


def test_parts_are_joined_in_order_and_late_columns_are_blank_before() -> None:
    whole = joined(
        iter(
            [
                part("a", broken=1, passed={"request": 2}),
                part("b", passed={"request": 1, "image/png": 1}, late=["x"]),
                part("c", broken=1),
            ]
        ),
        ("text", "id"),
    )
    assert whole.table.to_pydict() == {"text": ["a", "b", "c"], "id": [None] * 3, "late": [None, "x", None]}
    assert whole.quarantine["error"].to_pylist() == ["e0", "e0"]
    assert whole.passed == {"request": 3, "image/png": 1}


def test_nothing_joined_is_an_empty_part() -> None:
    whole = joined([], ("text",))
    assert whole.table.schema == strings(["text"])
    assert (whole.table.num_rows, whole.quarantine.num_rows, whole.passed) == (0, 0, {})
