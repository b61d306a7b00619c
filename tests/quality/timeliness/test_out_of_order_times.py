import numpy as np
import pyarrow as pa
import pytest

from karat.core.finding import DoesNotApply
from karat.core.schema import Role
from karat.quality.timeliness.out_of_order_times import OutOfOrderTimes


@pytest.mark.parametrize("falling", [False, True])
def test_only_the_misplaced_are_found(make, hourly, halves, falling):
    times = hourly(500)[::-1] if falling else hourly(500)
    right = list(times)
    times[100], times[350] = times[400], times[30]
    block = make({"t": times}, t=Role.TIME)
    check = OutOfOrderTimes()
    parts = halves(block, 7)
    state = check.learn(parts[0])
    for part in parts[1:]:
        state = state.merge(check.learn(part))
    found = pa.concat_tables([check.judge(state, part) for part in parts]).to_pylist()
    assert [(f["row"], f["suggestion"]) for f in found] == [(100, right[100]), (350, right[350])]
    assert all(f["confidence"] >= 0.5 for f in found)


def test_a_late_record_is_only_suspicious(make, hourly):
    times = hourly(300)
    times[10], times[11] = times[11], times[10]
    block = make({"t": times}, t=Role.TIME)
    check = OutOfOrderTimes()
    found = check.judge(check.learn(block), block).to_pylist()
    assert len(found) == 1
    assert found[0]["confidence"] < 0.5


def test_no_order_no_verdict(make, hourly):
    shuffled = np.random.default_rng(1).permutation(hourly(300)).tolist()
    block = make({"t": shuffled}, t=Role.TIME)
    check = OutOfOrderTimes()
    assert isinstance(check.judge(check.learn(block), block), DoesNotApply)


def test_blocks_out_of_order_are_another_order(make, hourly):
    times = hourly(400)
    block = make({"t": times[:100] + times[380:] + times[100:380]}, t=Role.TIME)
    check = OutOfOrderTimes()
    assert isinstance(check.judge(check.learn(block), block), DoesNotApply)
