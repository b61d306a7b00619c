from karat.core.schema import Role
from karat.quality.timeliness.gaps_in_time import GapsInTime


def concluded(block):
    check = GapsInTime()
    state = check.learn(block)
    return check.conclude(state, block.schema).to_pylist(), check.measures(state, block.schema, None)


def test_a_hole_is_counted_in_steps(make, hourly):
    times = hourly(300)
    told, measures = concluded(make({"t": times[:100] + times[130:]}, t=Role.TIME))
    assert [(f["row"], f["column"]) for f in told] == [(None, "t")]
    assert "30 of 300 steps" in told[0]["message"]
    assert (measures[0].bad, measures[0].total) == (30, 300)


def test_a_misplaced_time_leaves_no_hole(make, hourly):
    times = hourly(300)
    times[50] = "2031-01-01 00:00:00"
    times[80] = None
    told, measures = concluded(make({"t": times}, t=Role.TIME))
    assert told == []
    assert measures[0].bad == 0


def test_irregular_times_have_no_gaps(make):
    times = [f"2024-{1 + at * 7 % 12:02}-{1 + at * at % 28:02}" for at in range(100)]
    assert concluded(make({"t": times}, t=Role.TIME)) == ([], [])
