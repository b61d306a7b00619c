from time import perf_counter, sleep

import numpy as np
import pytest

from karat.lift.arms import known_target
from karat.lift.design import Design
from karat.lift.fold import Setting
from karat.lift.folds import proof_of, run_folds, run_until
from karat.lift.pairing import VersionChanges
from karat.lift.procedure import recipe_for
from karat.prepare.splits import plan_splits
from tests.lift._planted import records

CALLS = []


def asked(setting, pair):
    """What a fold is asked about."""
    CALLS.append(pair[:2])
    return {"fold": pair[1], "rows": setting.block.rows[pair[3]].tolist()}


@pytest.fixture
def setting():
    CALLS.clear()
    block, _ = records(60)
    return Setting(
        block, recipe_for(block), Design(folds=3, repeats=1, placebos=1), VersionChanges({}), known_target(block), []
    )


def pairs(setting):
    return list(plan_splits(setting.block, repeats=1, folds=3).pairs())


def test_folds_answer_in_the_order_given_and_say_how_far_they_are(setting):
    ticks = []
    wanted = pairs(setting)[::-1]
    answers = run_folds(setting, wanted, progress=lambda done, every: ticks.append((done, every)), work=asked)
    assert [answer["fold"] for answer in answers] == [2, 1, 0]
    assert [answer["rows"] for answer in answers] == [setting.block.rows[test].tolist() for *_, test in wanted]
    assert ticks[-1] == (3, 3)


def test_what_is_done_stays_in_the_cache_by_fold_and_records(setting):
    run_folds(setting, pairs(setting), work=asked)
    run_folds(setting, pairs(setting), work=asked)
    assert len(CALLS) == 3
    repeat, fold, train, test = pairs(setting)[0]
    run_folds(setting, [(repeat, fold, train[:-1], test)], work=asked)
    assert len(CALLS) == 4
    run_folds(setting, [(repeat + 1, fold, train, test)], work=asked)
    assert len(CALLS) == 5


def test_processes_give_the_same(setting):
    one = run_folds(setting, pairs(setting), work=proof_of)
    setting.scores.memory.clear()
    two = run_folds(setting, pairs(setting), workers=2, work=proof_of)
    assert one == two
    assert {(fold["train"], fold["test"]) for fold in one} == {(40, 20)}
    assert np.isfinite([fold["scores"]["raw"] for fold in one]).all()


def slow_after_one_repeat(setting, pair):
    """Ends at once in the first repeat, and never in time behind it."""
    sleep(60 if pair[0] else 0)
    return {"repeat": pair[0], "fold": pair[1]}


def test_repeats_that_do_not_end_in_time_are_left_out(setting):
    wanted = list(plan_splits(setting.block, repeats=4, folds=3).pairs())
    assert len(run_until(setting, wanted, float("inf"), work=asked)) == 12
    assert len(run_until(setting, wanted, perf_counter() + 60, work=asked)) == 12
    assert run_until(setting, wanted, perf_counter() - 1, work=asked) == []
    began = perf_counter()
    done = run_until(setting, wanted, began + 10, work=slow_after_one_repeat)
    assert done == [{"repeat": 0, "fold": fold} for fold in range(3)]
    assert 10 <= perf_counter() - began < 20
