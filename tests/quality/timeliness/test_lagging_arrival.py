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


def test_an_order_that_a_fifth_of_the_records_break_from_afar_is_still_a_rule(make, hourly):
    times = hourly(500)
    event, arrival = times[200:400], times[202:402]
    broken = list(range(0, 200, 5))
    for at in broken:
        arrival[at] = times[at]
    block = make({"sent": event, "got": arrival}, sent=Role.TIME, got=Role.TIME)
    check = LaggingArrival()
    state = check.learn(block)
    found = check.judge(state, block)
    assert found["row"].to_pylist() == broken
    assert "in 80.0% of the records it follows it" in found["message"][0].as_py()


def test_times_that_lie_on_both_sides_of_each_other_have_no_order(make, hourly):
    times = hourly(500)
    event = times[200:400]
    arrival = [times[202 + at] if at % 5 else times[199 + at] for at in range(200)]  # as near before as behind
    block = make({"a": event, "b": arrival}, a=Role.TIME, b=Role.TIME)
    check = LaggingArrival()
    state = check.learn(block)
    assert check.judge(state, block).num_rows == 0
    assert check.total(state, block.schema) == 0


def test_where_three_of_ten_break_it_there_is_no_order(make, hourly):
    times = hourly(900)
    event = times[400:600]
    arrival = [times[402 + at] if at % 3 else times[at] for at in range(200)]
    block = make({"a": event, "b": arrival}, a=Role.TIME, b=Role.TIME)
    check = LaggingArrival()
    assert check.total(check.learn(block), block.schema) == 0
