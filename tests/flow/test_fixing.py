"""What is done about findings: one removal a record, nothing of the guard's undone, and no text kept that is not asked."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.block import Block
from karat.core.finding import Dimension, findings, no_findings
from karat.core.patch import changes
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Fix
from karat.flow.dataset import Dataset
from karat.flow.fixing import Beforehand, Fixing, _once, _without_records
from karat.flow.guard import Stop
from karat.flow.job import Job
from karat.flow.settings import Settings, made_settings
from karat.lift.choose import Choice, Effect
from karat.lift.label_weighting import LABEL_WEIGHTS
from karat.quality.consistency.repeated_passages import RepeatedPassages


def drop(row, check, before="{}"):
    return changes(1, row=row, action="drop", check=check, before=before)


def cell(row, check="X"):
    return changes(1, row=row, column="a", action="set", check=check, before="1", after="2")


def test_a_record_that_two_fixes_remove_goes_once_and_for_the_first():
    ledger = _once(pa.concat_tables([drop(4, "A"), cell(2), drop(1, "A"), drop(4, "B"), cell(4)]))
    assert [(entry["row"], entry["check"], entry["action"]) for entry in ledger.to_pylist()] == [
        (1, "A", "drop"),
        (2, "X", "set"),
        (4, "A", "drop"),
        (4, "X", "set"),
    ]


def test_removed_records_are_left_out_and_cells_are_not():
    cut = cell(3, RepeatedPassages.code())
    ledger = _without_records(pa.concat_tables([drop(1, "A", "the whole record"), cell(2), cut]))
    assert ledger["before"].to_pylist() == [None, "1", None]


class DropFound(Fix):
    """Removes what was found."""

    family = "found"

    def propose(self, block, result):
        return changes(result.num_rows, row=result["row"], action="drop", check="A", confidence=result["confidence"])


def fixing(tmp_path, beforehand):
    schema = Schema((Column("a", Role.CATEGORY),))
    block = Block(np.arange(100), pa.table({"a": ["x"] * 100}), schema)
    job = Job(None, tmp_path / "run", "clean", Settings())
    work = Fixing(job, Dataset.of(block), [DropFound()], tmp_path, beforehand)
    result = findings("A", Dimension.ACCURACY, 2, row=[3, 5], confidence=[0.9, 0.8], message=["three", "five"])
    work.see(block, result, None)
    return work


def test_what_is_proposed_is_done_and_counted(tmp_path):
    work = fixing(tmp_path, Beforehand())
    assert work.finish()["row"].to_pylist() == [3, 5]
    summary = work.summary()
    assert (summary["kept"], summary["removed"], summary["waiting"]) == (98, {"A": 2}, 0)


def test_what_was_stopped_before_is_asked_once_a_record(tmp_path):
    stop = Stop("A", "A", None, "would remove much", (3,))
    work = fixing(tmp_path, Beforehand(stops=(stop,), asked_alone=frozenset({"A"})))
    assert work.finish().num_rows == 0
    summary = work.summary()
    assert (summary["kept"], summary["removed"], summary["waiting"]) == (100, {}, 2)
    assert [stopped["step"] for stopped in summary["stopped"]] == ["A"]


SCHEMA = Schema((Column("city", Role.CATEGORY), Column("n", Role.NUMBER, "int64")))
SIZE = 60


def data(kind: str = "table") -> Dataset:
    table = pa.table({"city": ["Oslo "] * 4 + ["Bergen"] * (SIZE - 4), "n": [str(k) for k in range(SIZE)]})
    return Dataset.of(Block(np.arange(SIZE), table, replace(SCHEMA, kind=kind)))


def setting(rows: list[int], confidence: float = 0.999, check: str = "S") -> Fix:
    def proposed(self: Fix, block: Block, here: pa.Table) -> pa.Table:
        return changes(
            len(rows),
            row=rows,
            column="city",
            action="set",
            before="Oslo ",
            after="Oslo",
            check=check,
            confidence=confidence,
        )

    return type(check, (Fix,), {"propose": proposed, "family": check.lower(), "safe": True})()


def dropping(rows: list[int], check: str = "D") -> Fix:
    def proposed(self: Fix, block: Block, here: pa.Table) -> pa.Table:
        return changes(len(rows), row=rows, action="drop", before="{}", check=check, confidence=1.0)

    return type(check, (Fix,), {"propose": proposed, "family": check.lower(), "safe": True})()


FOUND = findings("S", Dimension.CONSISTENCY, 4, row=[0, 1, 2, 3], column="city", confidence=0.9, message="blank")


def done(tmp_path: Path, fixes: list[Fix], stops=(), kind="table", **clean) -> tuple[Fixing, pa.Table]:
    job = Job(None, tmp_path, "clean", made_settings({"clean": clean}, "the test"))
    fixing = Fixing(job, data(kind), fixes, tmp_path, Beforehand(stops=stops))
    fixing.see(data(kind).block(0), FOUND, None)
    return fixing, fixing.finish()


def test_what_ships_is_applied_and_counted(tmp_path: Path) -> None:
    fixing, ledger = done(tmp_path, [setting([0, 1]), dropping([5])])
    assert (fixing.kept, fixing.cells, fixing.removed) == (SIZE - 1, 2, {"D": 1})
    with pa.OSFile(str(tmp_path / "refined.arrow")) as file:
        refined = pa.ipc.open_file(file).read_all()
    assert refined["_row"].to_pylist() == [row for row in range(SIZE) if row != 5]
    assert refined["city"].to_pylist()[:4] == ["Oslo", "Oslo", "Oslo ", "Oslo "]
    written = pq.read_table(tmp_path / "ledger.parquet")
    assert written["row"].to_pylist() == ledger["row"].to_pylist() == [0, 1, 5]
    assert (written["before"][2].as_py(), ledger["before"][2].as_py()) == ("{}", None)
    summary = fixing.summary()
    assert (summary["records"], summary["kept"], summary["cells"], summary["stopped"]) == (SIZE, SIZE - 1, 2, [])
    assert (summary["facts"], summary["expected_broken"]) == (2, 0.0)
    assert not (tmp_path / "patches").exists()


def test_what_was_found_and_not_mended_waits(tmp_path: Path) -> None:
    fixing, _ = done(tmp_path, [setting([0, 1])])
    review = pq.read_table(tmp_path / "review.parquet")
    assert set(review["row"].to_pylist()) == {2, 3}
    assert fixing.waiting == review.num_rows


@pytest.mark.parametrize(("least", "cells"), [(0.9, 2), (0.91, 0)])
def test_changes_of_fact_below_the_users_confidence_wait(tmp_path: Path, least: float, cells: int) -> None:
    fixing, _ = done(tmp_path, [setting([0, 1], 0.9)], min_confidence=least, allow=["all"], max_broken=1.0)
    assert fixing.cells == cells
    assert fixing.expected_broken == pytest.approx(0.1 * cells)
    assert set(pq.read_table(tmp_path / "review.parquet")["row"].to_pylist()) == ({2, 3} if cells else {0, 1, 2, 3})


@pytest.mark.parametrize("kind", ["table", "series", "chat", "image", "event"])
def test_the_guard_stops_what_would_take_too_many_and_all_of_it_needs_review(tmp_path: Path, kind: str) -> None:
    fixing, ledger = done(tmp_path, [dropping(list(range(10, 20)))], kind=kind)
    assert [(stop.check, stop.rows) for stop in fixing.stops] == [("D", (10, 11, 12))]
    assert (fixing.kept, ledger.num_rows) == (SIZE, 0)
    assert set(pq.read_table(tmp_path / "review.parquet")["row"].to_pylist()) == {0, 1, 2, 3, *range(10, 20)}
    assert fixing.summary()["stopped"][0]["step"] == "D"
    (tmp_path / "b").mkdir()
    allowed, _ = done(tmp_path / "b", [dropping(list(range(10, 20)))], allow=["D"], max_removed=0.01)
    assert (allowed.kept, allowed.stops) == (SIZE - 10, [])


def test_what_is_more_than_half_sure_of_a_record_is_asked_and_nothing_else(tmp_path: Path) -> None:
    job = Job(None, tmp_path, "clean", Settings())
    fixing = Fixing(job, data(), [setting([9], 0.3)], tmp_path, Beforehand(stops=(Stop("S", "S", "city", "", (9,)),)))
    about = {"column": "city", "message": "odd"}
    found = findings("S", Dimension.CONSISTENCY, 4, row=[0, 1, 9, None], confidence=[0.6, 0.49, 0.3, 0.9], **about)
    fixing.see(data().block(0), found, None)
    assert fixing.finish().num_rows == 0
    review = pq.read_table(tmp_path / "review.parquet").to_pylist()
    assert {case["row"] for case in review} == {0, 9}  # one is stopped, so it needs review however unsure it is


def test_only_a_copy_whose_keeper_lies_elsewhere_and_differs_is_kept(tmp_path: Path) -> None:
    fixing = Fixing(Job(None, tmp_path, "clean", Settings()), data(), [], tmp_path, Beforehand())
    whole = data().block(0)
    here = whole.take(np.arange(30, SIZE))
    about = {"action": "drop", "before": "{}", "confidence": 1.0}
    copies = changes(4, row=[40, 41, 42, 43], keeper=[0, 30, None, 9], check="DuplicateRecords", **about)
    alike = changes(1, row=[44], keeper=[0], check="NearDuplicateRecords", **about)
    left = fixing._verified(here, pa.concat_tables([copies, alike]))
    assert left["row"].to_pylist() == [41, 42, 44]


class Weighs:
    """A proof that ships nothing but weights of labels."""

    def choose(self, block, patches, job, cache):
        weights = changes(2, row=[7, 3], column="_weight", action="set", before="1", after=["0.25", "1.5"], check="W")
        return Choice((LABEL_WEIGHTS,), (Effect(LABEL_WEIGHTS, 0.02, 0.01, kept=True),), weights, 0.5)


def test_weights_that_ship_are_written_and_change_no_record(tmp_path):
    schema = Schema((Column("a", Role.CATEGORY), Column("y", Role.TARGET)), task="classification")
    block = Block(np.arange(10), pa.table({"a": ["x"] * 10, "y": ["p", "q"] * 5}), schema)
    job = Job(None, tmp_path / "run", "run", Settings(), proof=Weighs())
    work = Fixing(job, Dataset.of(block), [], tmp_path, Beforehand())
    work.see(block, no_findings(), None)
    assert work.finish().num_rows == 0
    assert pq.read_table(tmp_path / "weights.parquet").to_pydict() == {"row": [3, 7], "weight": [1.5, 0.25]}
    assert work.summary()["weighed"] == {"labels": 2, "doubted": 1, "power": 0.5}
    assert work.summary()["cells"] == 0
