from karat.core.schema import Role
from karat.quality.timeliness.stale_records import StaleRecords


def test_planted_stale_time_is_found_and_mended(make, hourly):
    times = hourly(300)
    right = times[20]
    times[20] = "2003-01-01 20:00:00"
    block = make({"t": times}, t=Role.TIME)
    found = StaleRecords().judge(StaleRecords().learn(block), block).to_pylist()
    assert [(f["row"], f["suggestion"]) for f in found] == [(20, right)]
    assert "years old" in found[0]["message"]


def test_a_silent_source_is_named(make, hourly):
    source = ["东" if at < 100 or at % 2 else "west" for at in range(400)]
    source = ["west" if at >= 150 else name for at, name in enumerate(source)]
    block = make({"t": hourly(400), "s": source}, t=Role.TIME, s=Role.SOURCE)
    check = StaleRecords()
    told = check.conclude(check.learn(block), block.schema).to_pylist()
    assert [(f["row"], f["column"], f["value"]) for f in told] == [(None, "t", "东")]


def test_halves_learn_the_same(make, hourly, halves):
    block = make({"t": hourly(300)}, t=Role.TIME)
    first, second = halves(block, 150)
    check = StaleRecords()
    merged = check.learn(first).merge(check.learn(second)).line
    assert merged.rows.tolist() == check.learn(block).line.rows.tolist()
    assert merged.times["t"].tolist() == check.learn(block).line.times["t"].tolist()
