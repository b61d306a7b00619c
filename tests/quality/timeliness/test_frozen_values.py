import numpy as np
import pyarrow as pa
import pytest

from karat.core.finding import DoesNotApply
from karat.core.schema import Role
from karat.quality.timeliness.frozen_values import FrozenValues


def readings(stuck=True):
    values = [f"{v:.1f}" for v in np.random.default_rng(0).normal(20, 5, 600)]
    if stuck:
        values[200:260] = ["21.7"] * 60
    return values


@pytest.mark.parametrize("size", [1, 7, 64, 600])
def test_a_stuck_sensor_is_found_across_blocks(make, hourly, halves, size):
    block = make({"t": hourly(600), "x": readings()}, t=Role.TIME, x=Role.NUMBER)
    check = FrozenValues()
    parts = halves(block, size)
    state = check.learn(parts[0])
    for part in parts[1:]:
        state = state.merge(check.learn(part))
    found = pa.concat_tables([check.judge(state, part) for part in parts])
    assert found["row"].to_pylist() == list(range(201, 260))


def test_rain_may_stay_at_zero(make, hourly):
    values = readings(stuck=False)
    values[100:160] = values[300:360] = ["0"] * 60
    block = make({"t": hourly(600), "x": values}, t=Role.TIME, x=Role.NUMBER)
    check = FrozenValues()
    assert check.judge(check.learn(block), block).num_rows == 0


def test_without_order_there_is_no_verdict(make, hourly):
    times = np.random.default_rng(1).permutation(hourly(600)).tolist()
    block = make({"t": times, "x": readings()}, t=Role.TIME, x=Role.NUMBER)
    check = FrozenValues()
    assert isinstance(check.judge(check.learn(block), block), DoesNotApply)
