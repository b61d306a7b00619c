"""Repairs by combined evidence: each mends its own dimension, and what has no record is left alone."""

import numpy as np
import pyarrow as pa

from karat.clean.repair_cells import RepairCells, RepairMissingCells, RepairWrongCells, RewriteForms
from karat.core.block import Block
from karat.core.finding import Dimension, findings
from karat.core.patch import apply, undo
from karat.core.schema import Column, Role, Schema

TABLE = pa.table({"a": pa.array(["12 oz", "12 oz", "x", None]), "y": pa.array(["0", "1", "0", "1"])})
SCHEMA = Schema((Column("a", Role.CATEGORY), Column("y", Role.TARGET)))
BLOCK = Block(np.array([4, 5, 9, 11]), TABLE, SCHEMA)
Said = tuple[int, str, str | None, str | None, float, str]


def found(*said: Said, dimension: Dimension = Dimension.CONSISTENCY) -> pa.Table:
    """Findings from (row, column, value, suggestion, confidence, check)."""
    parts = [
        findings(
            check,
            dimension,
            1,
            row=[row],
            column=column,
            value=[value],
            suggestion=[suggestion],
            confidence=[sure],
            message="m",
        )
        for row, column, value, suggestion, sure, check in said
    ]
    return pa.concat_tables(parts)


def test_each_fix_mends_its_own_dimension_and_can_be_undone(monkeypatch) -> None:
    monkeypatch.setattr(
        "karat.clean.merge_suggestions.fixes_from", {"Units": 0.9, "Typo": 0.8, "Votes": 0.8, "Gap": 0.5}.get
    )
    said = pa.concat_tables(
        [
            found((4, "a", "12 oz", "12", 0.9, "Units")),
            found((9, "a", "x", "ten", 0.45, "Votes")),
            found((5, "a", "12 oz", "13", 0.8, "Typo"), dimension=Dimension.ACCURACY),
            found((11, "a", None, "", 0.9, "Gap"), dimension=Dimension.COMPLETENESS),
        ]
    )
    patches = [fix.propose(BLOCK, said) for fix in (RepairCells(), RepairWrongCells(), RepairMissingCells())]
    assert [(p["row"].to_pylist(), p["after"].to_pylist()) for p in patches] == [([4], ["12"]), ([5], ["13"]), ([], [])]
    patch = pa.concat_tables(patches)
    table, rows = apply(TABLE, BLOCK.rows, patch)
    assert table["a"].to_pylist() == ["12", "13", "x", None]
    assert undo(table, rows, patch)[0].equals(TABLE)


def test_a_check_without_a_record_changes_no_fact_and_form_needs_none() -> None:
    said = findings(
        "Stranger",
        Dimension.ACCURACY,
        1,
        row=[9],
        column="a",
        value=["x"],
        suggestion=["y"],
        confidence=0.99,
        message="m",
    )
    form = findings(
        "Stranger",
        Dimension.ACCURACY,
        1,
        row=[4],
        column="a",
        value=["12 oz"],
        suggestion=["12"],
        confidence=0.6,
        message="m",
        kind="form",
    )
    both = pa.concat_tables([said, form])
    assert RepairWrongCells().propose(BLOCK, both).num_rows == 0
    rewritten = RewriteForms().propose(BLOCK, both)
    assert (rewritten["row"].to_pylist(), rewritten["kind"].to_pylist()) == ([4], ["form"])
