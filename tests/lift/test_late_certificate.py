"""Intervals of gains in time, and what a certificate says."""

import numpy as np

from karat.flow.learned_models import InUse
from karat.lift.late_certificate import LateCertificate, LateGain
from karat.train.recalibrated import Correction
from tests.flow.drift_data import records


def test_gains_that_come_in_runs_have_wide_intervals():
    chance = np.random.default_rng(0)
    alone = chance.normal(0.1, 1, 1_000)
    runs = np.repeat(chance.normal(0.1, 1, 10), 100)
    wide, narrow = LateGain.of(0.1, runs), LateGain.of(0.1, alone)
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)
    assert narrow.low < 0.1 < narrow.high


def test_what_ships_says_whether_it_was_trained_anew():
    old = records(10, 0)
    trained, corrected = (
        LateCertificate("AUC", "", 1, 1, {}, "", InUse(old, c)) for c in (Correction(), Correction(1, (0.0,)))
    )
    nothing = LateCertificate("AUC", "", 1, 1, {"champion": LateGain(0, -1, 1)}, "no proven gain over: champion")
    assert (trained.ships, trained.retrained) == (True, True)
    assert (corrected.ships, corrected.retrained) == (True, False)
    assert (nothing.ships, nothing.retrained) == (False, False)
    assert nothing.to_json()["over"] == {"champion": {"mean": 0, "low": -1, "high": 1}}
