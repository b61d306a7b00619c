"""The lift's interval and the placebo's distribution from folds written by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from karat.lift.effect import DRAW_SHARE, lift_interval, placebo_gains, placebo_range

GAINS = np.array([0.01, -0.02, 0.00, -0.01, 0.02])


def fold(repeat, lift=0.03, draws=GAINS, records=4e-4, within=1e-4, **more):
    scores = {"raw": 0.7, "refined": 0.7 + lift}
    spread = {"records": records}
    if draws is not None:
        scores["placebo"] = (0.7 + draws).tolist()
        spread["draws"] = within
    return {"repeat": repeat, "scores": scores, "spread": spread} | more


FOLDS = [fold(0), fold(0, 0.05), fold(1, draws=None), fold(1, draws=None)]


def test_the_draws_of_the_first_repeat_are_averaged_over_its_folds():
    assert placebo_gains(FOLDS) == pytest.approx(GAINS)
    two = placebo_gains([fold(0, draws=GAINS), fold(0, draws=GAINS + 0.02), fold(1, draws=None)])
    assert two == pytest.approx(GAINS + 0.01)


def test_single_draws_a_fold_are_no_distribution():
    one = np.zeros(1)
    assert len(placebo_gains([fold(0, draws=one), fold(1, draws=one)])) == 0
    assert len(placebo_gains([fold(0), fold(1)])) == 0  # as older certificates drew them, anew in every repeat
    assert lift_interval([fold(0, draws=one), fold(1, draws=one)]) is None


def test_one_more_draw_would_fall_into_the_range():
    interval = placebo_range(GAINS)
    reach = stats.t.ppf(0.975, 4) * math.sqrt(1.2 * GAINS.var(ddof=1))
    assert interval.mean == pytest.approx(0)
    assert (interval.low, interval.high) == (pytest.approx(-reach), pytest.approx(reach))


def test_the_variance_is_of_records_and_draws():
    interval = lift_interval(FOLDS)
    # two folds a repeat: 4e-4 / 2 of the records, of which the draws alone make 1e-4 / 2
    variance = 1.5e-4 + DRAW_SHARE * GAINS.var(ddof=1)
    assert interval.mean == pytest.approx(0.035)
    assert interval.error == pytest.approx(math.sqrt(variance))
    assert interval.high - interval.mean == pytest.approx(stats.t.ppf(0.975, 4) * math.sqrt(variance))


def test_more_repeats_do_not_make_it_surer():
    more = [*FOLDS, fold(2, draws=None), fold(2, draws=None)]
    assert lift_interval(more).error == pytest.approx(lift_interval(FOLDS).error)
    assert lift_interval(more).degrees == 4


def test_the_record_part_is_never_below_nothing():
    calm = [fold(0, within=1.0), fold(0, within=1.0)]
    assert lift_interval(calm).error == pytest.approx(math.sqrt(DRAW_SHARE * GAINS.var(ddof=1)))


def test_without_spreads_there_is_no_such_interval():
    bare = [{key: value for key, value in one.items() if key != "spread"} for one in FOLDS]
    assert lift_interval(bare) is None
