"""Find and mend in memory: patches by family, other records mended with what was learned, stops of the guard."""

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, findings, no_findings
from karat.core.patch import changes, no_changes
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Fix
from karat.flow.guard import Limits, Stop
from karat.flow.refine import joined, patched, propose, refine
from karat.quality.accuracy.unusual_records import UnusualRecords

SCHEMA = Schema((Column("city", Role.CATEGORY), Column("n", Role.NUMBER, "int64")))


def block(cities: list[str | None]) -> Block:
    table = pa.table({"city": pa.array(cities, pa.string()), "n": [str(k) for k in range(len(cities))]})
    return Block(np.arange(len(cities)), table, SCHEMA)


CITIES = ["Oslo", "Bergen", "Oslo ", "Oslo"] * 20


def test_stray_blanks_are_found_and_mended_here_and_in_other_records() -> None:
    refined = refine(block(CITIES), allowed=["all"])
    assert set(refined.findings["row"].drop_null().to_pylist()) >= {2, 6, 10}
    assert "Oslo " not in refined.apply().text("city").to_pylist()
    assert refined.apply([]) is refined.block
    assert refined.mend(block(["Oslo ", "Bergen"])).text("city").to_pylist() == ["Oslo", "Bergen"]
    assert refined.mend(block(["Oslo "]), []).text("city").to_pylist() == ["Oslo "]
    assert refined.block.text("city").to_pylist() == CITIES


def test_without_checks_nothing_is_found() -> None:
    refined = refine(block(CITIES), checks=[], fixes=[])
    assert (refined.findings.num_rows, refined.patches, refined.waiting.num_rows, refined.stops) == (0, {}, 0, ())
    assert refined.apply() is refined.block


def test_a_check_that_only_scores_is_not_asked() -> None:
    assert not refine(block(CITIES), checks=[UnusualRecords()], fixes=[]).learned.checks


def fix(name: str, family: str, rows: list[int], safe: bool = True) -> Fix:
    def proposed(self: Fix, block: Block, findings: pa.Table) -> pa.Table:
        here = [row for row in rows if row in findings["row"].to_pylist()]
        return changes(
            len(here), row=here, column="city", action="set", before="Oslo ", after="Oslo", check=name, confidence=0.9
        )

    return type(name, (Fix,), {"propose": proposed, "family": family, "safe": safe})()


FOUND = findings("C", Dimension.CONSISTENCY, 3, row=[2, 6, None], column="city", confidence=0.9, message="m")


def test_patches_stand_by_family_in_their_order_and_unsafe_ones_wait() -> None:
    fixes = [fix("Z", "zeta", [2]), fix("A", "alpha", [6]), fix("B", "alpha", [2]), fix("U", "beta", [2], safe=False)]
    patches, waiting = propose([*fixes, fix("N", "none", [9])], block(CITIES), FOUND)
    assert list(patches) == ["alpha", "zeta"]
    assert patches["alpha"]["check"].to_pylist() == ["A", "B"]
    assert waiting["check"].to_pylist() == ["U"]
    assert propose(fixes, block(CITIES), no_findings()) == ({}, no_changes())


def test_what_was_stopped_waits_too() -> None:
    stop = Stop("Z:city", "Z", "city", "too much", (2,))
    patches, waiting = propose([fix("Z", "zeta", [2]), fix("A", "alpha", [6])], block(CITIES), FOUND, [stop])
    assert patches["alpha"].num_rows == 1
    assert patches["zeta"].num_rows == 0
    assert waiting["check"].to_pylist() == ["Z"]


def test_the_guard_stops_a_step_that_changes_too_much_unless_it_is_allowed() -> None:
    def proposed(self: Fix, block: Block, findings: pa.Table) -> pa.Table:
        return changes(
            60, row=list(range(60)), column="city", action="set", before="x", after="y", check="Big", confidence=0.999
        )

    big = type("Big", (Fix,), {"propose": proposed, "family": "big", "safe": True})()
    stopped = refine(block(CITIES), checks=[], fixes=[big])
    assert [stop.step for stop in stopped.stops] == ["Big:city"]
    assert stopped.waiting.num_rows == 60
    assert stopped.apply() is stopped.block
    assert refine(block(CITIES), checks=[], fixes=[big], allowed=["Big:city"]).stops == ()
    assert refine(block(CITIES), checks=[], fixes=[big], limits=Limits(1.0, 1.0, 1.0)).stops == ()


def test_ledgers_are_joined_in_the_order_of_families() -> None:
    patches = {"a": changes(1, row=[1], action="drop", check="A"), "b": changes(1, row=[2], action="drop", check="B")}
    assert joined(patches)["check"].to_pylist() == ["A", "B"]
    assert joined(patches, ["b"])["check"].to_pylist() == ["B"]
    assert joined(patches, []).equals(no_changes())


def test_a_patched_block_keeps_what_is_not_cut_by_record() -> None:
    whole = Block(
        np.arange(4), block(["a", "b", "c", "d"]).table, SCHEMA, {"now": 3.5, "each": np.zeros(4), "name": "x"}
    )
    after = patched(whole, changes(1, row=[1], action="drop", check="D"))
    assert after.rows.tolist() == [0, 2, 3]
    assert dict(after.extra) == {"now": 3.5, "name": "x"}
    assert patched(whole, no_changes()) is whole
