"""Rows of the table of findings: alike ones once, none hidden by a frequent check, each with what became of it."""

import pyarrow as pa

from karat.core.finding import Dimension, findings, no_findings
from karat.core.patch import changes, no_changes
from karat.flow.review import REVIEW
from karat.show.finding_rows import MAX_ROWS, finding_rows

NONE = REVIEW.empty_table()


def found(check: str, rows: list[int | None], column: str | None = "a", confidence: float = 0.9) -> pa.Table:
    return findings(
        check,
        Dimension.ACCURACY,
        len(rows),
        row=pa.array(rows, pa.int64()),
        column=column,
        value=[f"v{row}" for row in rows],
        confidence=confidence,
        message="m",
    )


def test_what_became_of_each() -> None:
    table = pa.concat_tables(
        [found("A", [0]), found("B", [1]), found("C", [2]), found("D", [None]), found("E", [4], confidence=0.3)]
    )
    ledger = pa.concat_tables(
        [
            changes(1, row=[0], column="a", action="set", before="v0", after="x", check="A", confidence=1.0),
            changes(1, row=[1], action="drop", before="{}", check="B", confidence=1.0),
        ]
    )
    asked = pa.table({"row": [2], "column": ["a"]}).cast(pa.schema([("row", pa.int64()), ("column", pa.string())]))
    review = pa.table(
        [asked[n] if n in asked.column_names else pa.nulls(1, REVIEW.field(n).type) for n in REVIEW.names],
        schema=REVIEW,
    )
    table = finding_rows(table, ledger, review)
    assert {row["check"]: row["state"] for row in table["rows"]} == {
        "A": "fixed",
        "B": "removed",
        "C": "needs review",
        "D": "reported",
        "E": "suspicious",
    }
    assert table["states"] == ["fixed", "removed", "needs review", "reported", "suspicious"]
    assert (table["shown"], table["total"]) == (5, 5)


def test_alike_ones_share_a_row() -> None:
    same = findings(
        "A", Dimension.ACCURACY, 3, row=[5, 3, 4], column="a", value=["x", "x", "y"], confidence=0.9, message="m"
    )
    rows = finding_rows(same, no_changes(), NONE)["rows"]
    assert [(row["row"], row["times"]) for row in rows] == [(3, 2), (4, 1)]


def test_a_frequent_check_hides_no_other_and_the_rest_is_counted() -> None:
    many = found("Frequent", list(range(MAX_ROWS + 50)), confidence=1.0)
    table = finding_rows(pa.concat_tables([many, found("Rare", [7], column=None)]), no_changes(), NONE)
    assert len(table["rows"]) == MAX_ROWS
    assert ("Rare", "Rare") in table["checks"]
    assert table["shown"] == MAX_ROWS
    assert table["total"] == MAX_ROWS + 51


def test_the_order_of_findings_does_not_matter() -> None:
    table = pa.concat_tables([found("A", [0, 1, 2]), found("B", [3, 4])])
    turned = table.take(pa.array([4, 2, 0, 3, 1]))
    assert finding_rows(table, no_changes(), NONE) == finding_rows(turned, no_changes(), NONE)


def test_nothing() -> None:
    assert finding_rows(no_findings(), no_changes(), NONE)["rows"] == []
