"""What is done about findings: one removal a record, nothing of the guard's undone, and no text kept that is not asked."""

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, findings
from karat.core.patch import changes
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Fix
from karat.flow.dataset import Dataset
from karat.flow.fixing import Beforehand, Fixing, _once, _without_records
from karat.flow.guard import Stop
from karat.flow.job import Job
from karat.flow.settings import Settings
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

    def propose(self, block, found):
        return changes(found.num_rows, row=found["row"], action="drop", check="A", confidence=found["confidence"])


def fixing(tmp_path, beforehand):
    schema = Schema((Column("a", Role.CATEGORY),))
    block = Block(np.arange(100), pa.table({"a": ["x"] * 100}), schema)
    job = Job(None, tmp_path / "run", "clean", Settings())
    work = Fixing(job, Dataset.of(block), [DropFound()], tmp_path, beforehand)
    found = findings("A", Dimension.ACCURACY, 2, row=[3, 5], confidence=[0.9, 0.8], message=["three", "five"])
    work.see(block, found, None)
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
