import numpy as np
import pytest

from karat.prepare.history import OwnHistory, customary, on_clock, season_of, step_before


def hours(n, skip=()):
    start = np.datetime64("2024-03-01T00:00:00")
    return [str(start + np.timedelta64(k, "h")) for k in range(n) if k not in skip]


def test_the_season_of_a_series_is_found_and_noise_has_none():
    random = np.random.default_rng(0)
    at = np.arange(2_000)
    daily = np.sin(2 * np.pi * at / 24) + 0.3 * random.normal(size=2_000)
    daily[::17] = np.nan
    assert season_of(daily) == 24
    assert season_of(random.normal(size=2_000)) == 1
    assert season_of(np.cumsum(random.normal(size=2_000))) == 1
    assert season_of(np.full(50, 3.0)) == 1


@pytest.mark.parametrize(("seconds", "season"), [(1_800, 48), (3_600, 24), (86_400, 7), (30.4 * 86_400, 12), (17, 1)])
def test_customs_of_the_clock(seconds, season):
    assert customary(np.arange(100) * float(seconds)) == season


def test_a_number_by_its_own_past(make_block):
    values = [float(k % 4) for k in range(60)]
    block = make_block(t=("time", hours(60)), x=("number", [str(v) for v in values]))
    told = OwnHistory("x", 4).fit(block).apply(block)
    assert np.isnan(told[0]).all()
    assert told[8:12, 0].tolist() == [-3, 1, 1, 1]
    assert told[8:12, 1] == pytest.approx([-1.5, -0.5, 0.5, 1.5])


def test_a_hole_in_the_clock_is_no_step_and_groups_are_apart(make_block):
    kept = hours(60, skip=(30,))
    block = make_block(t=("time", kept * 2), shop=("group", ["a"] * 59 + ["乙"] * 59), x=("number", ["1"] * 118))
    before = step_before(block)
    assert before[:3].tolist() == [-1, 0, 1]
    assert before[30] == -1
    assert before[59] == -1
    assert before[60] == 59


def test_holes_and_repeats_do_not_move_the_clock():
    when = np.sort(np.append(np.delete(60.0 * np.arange(40), 3), 60.0))
    told = on_clock(np.arange(40.0), when)
    assert told[[0, 2, 4, 39]].tolist() == [0, 3, 4, 39]
    assert np.isnan(told[3])
    uneven = np.cumsum(np.arange(13.0))
    assert on_clock(np.arange(13.0), uneven).tolist() == list(range(13))
