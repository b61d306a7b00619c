from dataclasses import replace

import numpy as np

from karat.core.schema import Role
from karat.quality.timeliness.future_times import FutureTimes


def test_planted_future_is_found_and_mended(make, hourly):
    times = hourly(300)
    right = times[100]
    times[100] = "2031-05-05 10:00:00"
    block = make({"t": times}, t=Role.TIME)
    check = FutureTimes()
    state = check.learn(block)
    found = check.judge(state, block).to_pylist()
    assert [(f["row"], f["column"], f["value"], f["suggestion"]) for f in found] == [(100, "t", times[100], right)]
    assert found[0]["confidence"] >= 0.5
    assert check.measures(state, block.schema, check.judge(state, block))[0].bad == 1


def test_thin_tails_are_no_future(make):
    days = np.datetime64("1960-01-01") + np.random.default_rng(0).normal(0, 5000, 2000).astype(int)
    block = make({"born": [str(day) for day in days]}, born=Role.TIME)
    assert FutureTimes().judge(FutureTimes().learn(block), block).num_rows == 0


def test_tomorrows_record_is_late_only_before_it_has_come(make, hourly):
    check = FutureTimes()
    state = check.learn(make({"t": hourly(300)}, t=Role.TIME))
    late = make({"t": ["2026-03-01 00:00:00"]}, t=Role.TIME)
    come = replace(late, extra={"now": np.datetime64("2026-03-02T00:00:00", "us")})
    ahead = replace(late, extra={"now": np.datetime64("2025-01-01T00:00:00", "us")})
    assert check.judge(state, come).num_rows == 0
    assert check.judge(state, ahead).num_rows == 1


def test_a_time_of_day_has_no_future(make):
    block = make({"x": ["a"]}, x=Role.CATEGORY)
    assert FutureTimes().applies(block.schema) is not None
