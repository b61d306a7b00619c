from karat.core.schema import Role
from karat.quality.timeliness.lagging_arrival import LaggingArrival


def test_arrival_before_event_is_a_contradiction(make, hourly):
    times = hourly(400)
    event, arrival = times[:300], times[3:303]
    arrival[40] = event[20]
    arrival[60] = times[399]
    block = make({"sent": event, "got": arrival}, sent=Role.TIME, got=Role.TIME)
    check = LaggingArrival()
    state = check.learn(block)
    found = check.judge(state, block).to_pylist()
    assert [(f["row"], f["column"], f["confidence"] >= 0.5) for f in found] == [(40, None, True), (60, None, False)]
    assert check.total(state, block.schema) == 300


def test_unrelated_times_have_no_order(make, hourly):
    times = hourly(300)
    block = make({"a": times, "b": times[::-1]}, a=Role.TIME, b=Role.TIME)
    check = LaggingArrival()
    assert check.judge(check.learn(block), block).num_rows == 0
