"""A challenger ships where the world has changed, and not where nothing has or where its answers are wrong."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.flow.late_answers import outcomes, with_target
from karat.lift.challenger import BOTH, NEW, Challenge
from tests.flow.drift_data import SCHEMA, records


def changed(size, seed):
    """The outcome follows from z now."""
    block = records(size, seed)
    texts = ["yes" if float(z) > 0 else "no" for z in block.table["z"].to_pylist()]
    return with_target(block, pa.array(texts))


def test_a_changed_world_is_learned():
    certificate = Challenge(records(600, 0), changed(700, 1)).certificate()
    assert certificate.ships
    assert certificate.learned_from in (BOTH, NEW)
    assert set(certificate.over) == {"champion", "old_again", "shuffled"}
    assert all(gain.low > 0 for gain in certificate.over.values())
    assert certificate.trained + certificate.tested == 700
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
    fit = Challenge(records(300, 0), changed(300, 1)).fitted(NEW)
    asked = Block(
        np.arange(2), pa.table({"x": ["0", "0"], "z": ["2", "-2"], "city": ["Oslo"] * 2, "y": ["no"] * 2}), SCHEMA
    )
    assert fit.answers(asked, np.arange(2)).argmax(axis=1).tolist() == [1, 0]
