"""Cases that wait: a person fixes the wrong ones and leaves the rest."""

import numpy as np
import pyarrow as pa

from karat.core.patch import changes, no_changes
from karat.lift.arms import known_target
from karat.lift.design import Design
from karat.lift.fold import FoldWork, Setting
from karat.lift.pairing import VersionChanges
from karat.lift.procedure import recipe_for
from karat.lift.waiting_cases import expected_wrong, planted
from karat.prepare.splits import plan_splits
from tests.lift._planted import records


def test_flipping_all_suspects_harms_while_fixing_the_wrong_ones_helps():
    block, _ = records(300, wrong=0.1)
    dirty, right = (x.text("y").to_pylist() for x in (block, records(300, wrong=0.1)[1]))
    wrong = [at for at in range(300) if dirty[at] != right[at]]
    sound = [at for at in range(300) if dirty[at] == right[at]][:90]
    asked = sorted(wrong + sound)
    cases = changes(
        len(asked), row=asked, column="y", action="set", after=[str(1 - int(dirty[at])) for at in asked],
        check="Doubt", confidence=len(wrong) / len(asked),
    )  # fmt: skip
    plan = Design(folds=3, repeats=1, placebos=1)
    setting = Setting(block, recipe_for(block), plan, VersionChanges({}), known_target(block), [])
    work = FoldWork(setting, *next(iter(plan_splits(block, repeats=1, folds=3).pairs())))
    training, tests = block.take(work.train), work.held_out()
    now = work.score(work.arm(training), "headline", tests)
    out = work.waiting(training, cases, tests)["Doubt"]
    assert out["cases"] == np.isin(asked, training.rows).sum()
    assert out["wrong"] == round(out["cases"] * len(wrong) / len(asked))
    assert out["score"] < out["planted"] < now


def test_as_many_are_expected_to_be_wrong_as_confidences_say():
    sure = changes(
        4, row=[3, 6, 9, 12], column="place", action="set", after="7", check="C", confidence=[0.9, 0.8, 0.5, 0.2]
    )
    assert expected_wrong(sure) == 2
    assert expected_wrong(changes(3, row=[3, 6, 9], column="place", action="set", after="7", check="C")) == 3
    assert expected_wrong(changes(2, row=[3, 6], column="place", action="set", after=["7", None], check="C")) == 0
    assert expected_wrong(pa.concat_tables([sure, changes(1, row=[3], action="drop", check="C")])) == 0
    assert expected_wrong(no_changes()) == 0


def test_as_many_cells_are_planted_with_the_values_proposed():
    held = records(60)[0]
    cases = changes(10, row=held.rows[:10], column="place", action="set", after=["100"] * 10, check="C")
    made = planted(held, cases, 4, np.random.default_rng(0))
    assert made["after"].to_pylist() == ["100"] * 4
    assert planted(held, cases, 40, np.random.default_rng(0)).num_rows == 10
