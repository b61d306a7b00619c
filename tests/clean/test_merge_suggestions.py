"""What all checks together say about a cell: one value, and how sure."""

from math import inf

import numpy as np
import pyarrow as pa
import pytest

from karat.clean.merge_suggestions import CEILING, proposals
from karat.core.block import Block
from karat.core.finding import Dimension, findings
from karat.core.schema import Column, Role, Schema
from karat.quality.calibration import FORM_FROM

TABLE = pa.table(
    {
        "a": pa.array(["12 oz", "12 oz", "x", None, "y"]),
        "b": pa.array(["p", "q", "r", "s", "t"]),
        "aside": pa.array(["u"] * 5),
        "y": pa.array(["0", "1", "0", "1", "0"]),
    }
)
SCHEMA = Schema(
    (Column("a", Role.CATEGORY), Column("b", Role.CATEGORY), Column("aside", Role.IGNORE), Column("y", Role.TARGET))
)
BLOCK = Block(np.array([4, 5, 9, 11, 12]), TABLE, SCHEMA)


def said(row, column, value, suggestion, sure, check="Check", **more):
    dimension = more.pop("dimension", Dimension.CONSISTENCY)
    return findings(
        check, dimension, 1, row=[row], column=column, value=pa.array([value], pa.string()),
        suggestion=pa.array([suggestion], pa.string()), confidence=[sure], message="m", **more,
    )  # fmt: skip


def merged(*parts):
    return proposals(BLOCK, pa.concat_tables(parts))


def best(*parts):
    all_cells = merged(*parts)
    cells = zip(all_cells.row.tolist(), all_cells.column.to_pylist(), strict=True)
    return dict(zip(cells, zip(all_cells.after.to_pylist(), all_cells.confidence.tolist(), strict=True), strict=True))


def test_one_suggestion_stands_as_it_is():
    assert best(said(9, "a", "x", "ten", 0.7)) == {(9, "a"): ("ten", 0.7)}


def test_a_second_voice_adds_half_of_its_weight():
    agreed = best(said(9, "a", "x", "ten", 0.7, "First"), said(9, "a", "x", "ten", 0.6, "Second"))
    assert agreed[9, "a"] == ("ten", pytest.approx(1 - 0.3 * 0.4**0.5, abs=1e-4))


def test_options_that_exclude_each_other_share_the_odds():
    torn = best(said(9, "a", "x", "ten", 0.75), said(9, "a", "x", "six", 0.5))
    assert torn[9, "a"] == ("ten", pytest.approx(3 / (1 + 3 + 1)))
    assert best(said(9, "a", "x", "ten", 1.0))[9, "a"][1] == pytest.approx(CEILING)


def test_a_known_value_beats_a_blank_and_a_blank_beats_a_guess():
    blank = said(9, "a", "x", "", 0.9, "Gap")
    assert best(blank, said(9, "a", "x", "ten", 0.5))[9, "a"] == ("ten", 0.5)
    assert best(blank, said(9, "a", "x", "ten", 0.49))[9, "a"] == (None, 0.9)
    assert best(said(9, "a", "x", "", 0.1, "Gap"), said(9, "a", "x", "ten", 0.49))[9, "a"] == (None, 0.1)


def test_each_cell_has_one_proposal_in_order_of_record_and_column():
    cells = best(
        said(11, "b", "s", "S", 0.6),
        said(4, "b", "p", "P", 0.6),
        said(4, "a", "12 oz", "12", 0.6),
        said(11, "a", None, "Z", 0.6),
    )
    assert [row for row, _ in cells] == [4, 4, 11, 11]
    assert {cell: after for cell, (after, _) in cells.items()} == {
        (4, "b"): "P",
        (4, "a"): "12",
        (11, "b"): "S",
        (11, "a"): "Z",
    }


def test_the_order_of_findings_does_not_matter():
    parts = [
        said(9, "a", "x", "ten", 0.75, "First"),
        said(9, "a", "x", "six", 0.5, "Second"),
        said(9, "a", "x", "ten", 0.6, "Third"),
        said(4, "b", "p", "P", 0.6),
    ]
    assert best(*parts) == best(*parts[::-1])


def test_the_surest_finding_lends_its_name():
    chosen = merged(
        said(9, "a", "x", "ten", 0.6, "First"),
        said(9, "a", "x", "ten", 0.8, "Second", dimension=Dimension.ACCURACY),
    )
    assert (chosen.check.to_pylist(), chosen.dimension.to_pylist(), chosen.kind.to_pylist()) == (
        ["Second"],
        ["accuracy"],
        ["fact"],
    )
    assert chosen.before.to_pylist() == ["x"]
    form = merged(said(9, "a", "x", "X", 0.9, "First"), said(9, "a", "x", "X", FORM_FROM, "Second", kind="form"))
    assert (form.check.to_pylist(), form.unasked().tolist()) == (["Second"], [True]), "a form needs no record"
    unsure = said(9, "a", "x", "X", FORM_FROM - 0.01, "Second", kind="form")
    assert merged(said(9, "a", "x", "X", 0.9, "First"), unsure).check.to_pylist() == ["First"]


def test_a_check_that_may_fix_unasked_speaks_first(monkeypatch):
    monkeypatch.setattr("karat.clean.merge_suggestions.fixes_from", {"Proven": 0.6, "Other": inf}.get)
    chosen = merged(said(9, "a", "x", "ten", 0.9, "Other"), said(9, "a", "x", "ten", 0.6, "Proven"))
    assert chosen.check.to_pylist() == ["Proven"]
    assert chosen.unasked().tolist() == [True]
    assert merged(said(9, "a", "x", "ten", 0.59, "Proven")).unasked().tolist() == [False]
    assert merged(said(9, "a", "x", "ten", 0.99, "Other")).unasked().tolist() == [False]


@pytest.mark.parametrize(
    "part",
    [
        said(9, "a", "x", None, 0.9),
        said(9, "a", "x", "x", 0.9),
        said(11, "a", None, "", 0.9),
        said(5, "y", "1", "0", 0.9),
        said(5, "aside", "u", "v", 0.9),
        said(None, "a", "x", "ten", 0.9),
        said(9, None, "x", "ten", 0.9),
        said(9, "a", "x", "ten", 0.9, span_start=[0], span_end=[1]),
    ],
)
def test_what_changes_no_cell_of_ours_is_left_out(part):
    assert merged(part).row.tolist() == []
    assert merged(part.slice(0, 0)).confidence.tolist() == []


def test_a_suggestion_that_is_itself_rewritten_everywhere_is_rewritten():
    units = [said(row, "a", "12 oz", "12", 0.9, "Units") for row in (4, 5)]
    vote = said(11, "a", None, "12 oz", 0.8, "Votes")
    assert best(*units, vote)[11, "a"] == ("12", 0.8)
    assert best(units[0], vote)[11, "a"] == ("12 oz", 0.8), "it stands elsewhere unchanged"
    other = said(5, "a", "12 oz", "12.0", 0.9, "Units")
    assert best(units[0], other, vote)[11, "a"] == ("12 oz", 0.8), "it is rewritten in two ways"
    unsure = [said(row, "a", "12 oz", "12", 0.49, "Units") for row in (4, 5)]
    assert best(*unsure, vote)[11, "a"] == ("12 oz", 0.8)
    blanked = said(11, "a", "12 oz", "", 0.8, "Gap")
    assert best(*units, blanked)[11, "a"] == (None, 0.8)


def test_the_proposals_of_a_block_are_made_once():
    table = pa.concat_tables([said(9, "a", "x", "ten", 0.7)])
    assert proposals(BLOCK, table) is proposals(BLOCK, table)
