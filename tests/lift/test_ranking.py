"""The proof by ranking: certificate, placebo, interval, sameness."""

import json
from functools import partial

import numpy as np
import pyarrow as pa
import pytest

from karat.clean.drop_events import DropRepeatedEvents, DropRobotEvents
from karat.core.errors import InputError, OptionError
from karat.flow.refine import refine
from karat.lift.certificate import Certificate, schema
from karat.lift.ranking import _placebo, choose_ranking, prove_ranking
from karat.lift.ranking_bench import RankingRecipe
from karat.lift.rerun import contradictions
from karat.prepare.interaction_log import Log
from karat.quality.accuracy.robot_users import RobotUsers
from karat.quality.consistency.repeated_events import RepeatedEvents
from tests.quality._events import block_of, people, robots, shuffled

REFINE = partial(refine, checks=[RepeatedEvents(), RobotUsers()], fixes=[DropRepeatedEvents(), DropRobotEvents()])


def spoiled(seed=0):
    rows = people(users=120, items=80, seed=seed)
    return block_of(shuffled(rows + robots(6, 70, 80) + rows[::9] * 3)[0])


@pytest.fixture(scope="module")
def certificate():
    return prove_ranking(spoiled(), refine=REFINE, seed=1)


def test_the_certificate_has_all_that_others_have(certificate):
    import jsonschema

    jsonschema.validate(json.loads(json.dumps(certificate.to_json())), schema())
    assert certificate.metric == "NDCG"
    assert certificate.protocol == "procedure"
    assert certificate.low < certificate.lift < certificate.high
    assert certificate.lift == pytest.approx(certificate.refined.value - certificate.raw.value)
    assert {one.family for one in certificate.contributions} <= {"repeated events", "robots"}
    assert sum(one.lift for one in certificate.contributions) == pytest.approx(certificate.lift)
    assert Certificate.from_json(certificate.to_json()).to_json() == certificate.to_json()


def test_the_same_seed_gives_the_same_digits_whatever_the_workers(certificate):
    again = prove_ranking(spoiled(), refine=REFINE, seed=1, workers=2).to_json()
    assert again | {"cost": 0} == certificate.to_json() | {"cost": 0}


def test_figures_follow_from_the_folds_and_a_changed_one_contradicts(certificate):
    assert contradictions(certificate) == []
    from dataclasses import replace

    assert contradictions(replace(certificate, lift=certificate.lift + 0.01))


def test_nothing_to_mend_is_no_effect():
    made = prove_ranking(block_of(people(users=80, items=60)), refine=REFINE)
    assert (made.lift, made.low, made.high) == (0.0, 0.0, 0.0)
    assert made.verdict == "nothing changed"
    assert made.minimal_detectable_effect > 0


def test_the_placebo_takes_as_many_events_and_of_few_users():
    block = spoiled()
    log = Log.of(block)
    patch = pa.table({"action": pa.array(["drop"] * 90)})
    kept = _placebo(block, [patch], log, np.random.default_rng(0))
    assert len(kept) == len(block) - 90
    gone = np.setdiff1d(block.rows, kept.rows)
    counts = np.bincount(log.user, minlength=log.shape[0])
    lost = np.bincount(log.user[gone], minlength=log.shape[0])
    assert (lost == counts)[lost > 0].sum() >= (lost > 0).sum() - 1  # whole users but the last one


def test_a_harmful_family_is_left_off():
    block = block_of(people(users=150, items=60, seed=3))
    log = Log.of(block)
    order = np.argsort(log.time)
    rows = np.sort(log.rows[order[: int(0.75 * len(order))]])
    from karat.core.patch import changes

    patch = changes(len(rows), row=rows, action="drop", check="X", confidence=1.0)
    choice = choose_ranking(block, {"bad": patch})
    assert choice.kept == ()
    assert choice.effects[0].lift < 0


def test_too_little_is_an_error_in_words():
    with pytest.raises(InputError, match="has only"):
        prove_ranking(block_of([("a", "x", 1, 1)] * 3), refine=REFINE)
    with pytest.raises(OptionError, match="metric of a ranking"):
        RankingRecipe.of(10, "AUC")
    assert RankingRecipe.of(10_000, None).learner == "ItemKNN"
