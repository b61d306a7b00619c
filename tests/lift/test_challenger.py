"""A challenger ships where the world has changed, and not where nothing has or where its answers are wrong."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.flow.late_answers import joined_blocks, outcomes, with_target
from karat.flow.learned_models import InUse
from karat.lift.challenger import RECALIBRATED, Challenge
from tests.flow.drift_data import SCHEMA, records


def changed(size, seed):
    """The outcome follows from z now."""
    block = records(size, seed)
    texts = ["yes" if float(z) > 0 else "no" for z in block.table["z"].to_pylist()]
    return with_target(block, pa.array(texts))


def test_a_changed_world_is_learned():
    certificate = Challenge(records(600, 0), changed(700, 1)).certificate()
    assert certificate.ships
    assert certificate.retrained
    assert certificate.learned_from.startswith("the last ")
    assert set(certificate.over) == {"champion", "old_again", "shuffled"}
    assert all(gain.low > 0 for gain in certificate.over.values())
    assert certificate.tested == 280
    assert certificate.to_json()["ships"]


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_the_same_world_and_flipped_answers_ship_nothing(share):
    late = records(600, 5)
    flip = np.random.default_rng(2).random(600) < share
    texts = [{"yes": "no", "no": "yes"}[t] if f else t for t, f in zip(outcomes(late).to_pylist(), flip, strict=True)]
    certificate = Challenge(records(1500, 0), with_target(late, pa.array(texts))).certificate()
    assert not certificate.ships
    assert certificate.why_not.startswith("no proven gain over")


@pytest.mark.parametrize(("size", "words"), [(120, "only 48 late records"), (600, "all of one class")])
def test_what_cannot_be_tested_says_why(size, words):
    late = with_target(records(size, 1), pa.array(["yes"] * size))
    certificate = Challenge(records(300, 0), late).certificate()
    assert words in certificate.why_not
    assert certificate.over == {}


def test_the_challenger_answers():
    fit = Challenge(records(300, 0), changed(300, 1)).fitted(InUse(changed(300, 1)))
    asked = Block(
        np.arange(2), pa.table({"x": ["0", "0"], "z": ["2", "-2"], "city": ["Oslo"] * 2, "y": ["no"] * 2}), SCHEMA
    )
    assert fit.answers(asked, np.arange(2)).argmax(axis=1).tolist() == [1, 0]


def shifted(size, seed):
    """The outcome follows from x as before, and "yes" has become much rarer."""
    chance = np.random.default_rng(seed)
    block = records(size, seed)
    x = np.array(block.table["x"].to_pylist(), float)
    return with_target(block, pa.array(np.where(x + 0.5 * chance.normal(size=size) > 0.9, "yes", "no").tolist()))


def test_a_jump_is_learned_from_the_records_behind_it():
    late = joined_blocks(records(2_000, 1), changed(1_000, 2))
    certificate = Challenge(records(1_500, 0), late, newest=1_000).certificate()
    assert certificate.retrained
    assert certificate.trained < 1_500


def test_where_only_the_level_has_changed_nothing_is_trained_and_the_recalibration_goes_on():
    trial = Challenge(records(1_500, 0), joined_blocks(shifted(1_000, 1), shifted(1_000, 2)), newest=1_000)
    first = trial._recalibration()
    assert first.ships
    assert not first.retrained
    assert first.learned_from == RECALIBRATED
    assert set(first.over) == {"champion", "old_again", "shuffled"}
    fresh, every = shifted(2_000, 3), np.arange(2_000)
    truth = np.array(outcomes(fresh).to_pylist()) == "yes"
    plain, corrected = (
        (trial.fitted(model).answers(fresh, every).argmax(axis=1) == truth).mean()
        for model in (InUse(trial.old), first.next_in_use)
    )
    assert corrected > plain + 0.02
    back = Challenge(records(1_500, 0), records(1_000, 4), 1_000, first.next_in_use.correction)._recalibration()
    assert back.ships  # not proven to harm


def test_a_recalibration_that_harms_ends():
    old = records(1_500, 0)
    late = joined_blocks(shifted(1_000, 1), records(1_000, 2))
    trial = Challenge(old, late, 1_000, Challenge(old, shifted(1_000, 1))._recalibration().next_in_use.correction)
    assert trial._recalibration().why_not == "the recalibration in use does harm"
