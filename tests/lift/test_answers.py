"""Run, act, run: a person answers what waited, the labels judge every arm, and the forecast is followed up."""

from dataclasses import replace
from functools import partial

import numpy as np
import pyarrow as pa

from karat.clean.relabel_for_review import RelabelForReview
from karat.core.block import Block
from karat.flow.refine import Refined
from karat.flow.refine import refine as plainly
from karat.lift.answers import Answering, judged_by
from karat.lift.certificate import Certificate, differences
from karat.lift.design import Design
from karat.lift.forecast_check import followed_up
from karat.lift.procedure import prove
from karat.quality.accuracy.suspect_labels import SuspectLabels
from tests.lift._planted import perfect, records, refiner

QUICK = Design(folds=5, repeats=1, inner_folds=0, placebos=6)
DIRTY, CLEAN = records(300, wrong=0.3)
WRONG = np.flatnonzero(np.array(DIRTY.text("y").to_pylist()) != np.array(CLEAN.text("y").to_pylist()))


def waits(block: Block) -> Refined:
    """Wrong labels wait for a person, with the right proposal."""
    _, patch = perfect(CLEAN)(block)
    return replace(refiner()(block), waiting=patch)


def answers(rows: np.ndarray) -> pa.Table:
    """A person who knows."""
    values = CLEAN.text("y").take(pa.array(rows)).to_pylist()
    held = {"row": rows, "column": ["y"] * len(rows), "value": values, "who": ["ann"] * len(rows)}
    return pa.table(held)


def proved(rows: np.ndarray | None = None) -> Certificate:
    """The certificate, with answers about some rows."""
    refine = waits if rows is None else Answering(waits, "waits", answers(rows))
    return prove(DIRTY, refine=refine, plan=QUICK)


def test_run_act_run() -> None:
    before = proved()
    now = proved(WRONG)
    assert now.answered is not None
    assert now.answered.lift > 0.02
    assert now.answered.low > 0
    assert now.contributions[0].family == "answers"
    (step,) = followed_up(before, now, answered=frozenset(WRONG.tolist()))
    assert step["taken"] == 1
    assert step["came"] == now.answered.lift
    assert step["foretold"] > 0
    half = proved(WRONG[::2])
    (part,) = followed_up(before, half, answered=frozenset(WRONG[::2].tolist()))
    assert 0.4 < part["taken"] < 0.6
    assert part["foretold"] < step["foretold"]
    assert differences(before.to_json(), proved().to_json()) == []


def test_doubted_labels_of_the_training_records_wait_and_are_priced() -> None:
    asked = partial(plainly, checks=[SuspectLabels()], fixes=[RelabelForReview()])
    dirty, clean = records(400, wrong=0.1)
    found = prove(dirty, truth=clean, refine=asked, plan=QUICK)
    assert found.lift == 0
    (step,) = [one for one in found.next if one["kind"] == "mend"]
    assert step["about"] == "SuspectLabels"
    assert step["cost"]["rows"] > 20
    assert step["lift"] > 0


def test_labels_that_people_put_right_judge_every_arm_and_no_other_cell_does() -> None:
    given = answers(WRONG)
    other = pa.table({"row": [0], "column": ["first"], "value": ["9"], "who": ["ann"]})
    judged = judged_by(Answering(waits, "waits", pa.concat_tables([given, other.cast(given.schema)])), DIRTY)
    assert judged is not None
    assert judged.text("y").to_pylist() == CLEAN.text("y").to_pylist()
    assert judged.text("first").to_pylist() == DIRTY.text("first").to_pylist()
    assert judged_by(waits, DIRTY) is None
    assert Answering(waits, "waits", given).key != Answering(waits, "waits", answers(WRONG[:3])).key
