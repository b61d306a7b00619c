from datetime import UTC, datetime, timedelta

from karat.core.schema import Role
from karat.quality.completeness.underrepresented_groups import UnderrepresentedGroups


def run(block):
    check = UnderrepresentedGroups()
    state = check.learn(block)
    return check.conclude(state, block.schema).to_pylist(), check.measures(state, block.schema, None)


def test_a_group_nobody_sees_is_named(make):
    told, measures = run(make({"g": ["a"] * 300 + ["b"] * 280 + ["西藏"] * 4}, g=Role.GROUP))
    assert [(f["column"], f["value"], f["row"]) for f in told] == [("g", "西藏", None)]
    assert (measures[0].bad, measures[0].total) == (1, 3)


def test_an_empty_period_is_named(make):
    start = datetime(2024, 1, 1, tzinfo=UTC)
    days = [d for d in range(360) if not 90 <= d < 120] * 3
    told, _ = run(make({"t": [(start + timedelta(days=d)).strftime("%Y-%m-%d") for d in days]}, t=Role.TIME))
    assert len(told) == 1
    assert told[0]["value"].startswith("2024-03-30")


def test_even_groups_are_fine(make):
    told, measures = run(make({"g": ["a", "b", "c"] * 40}, g=Role.SOURCE))
    assert told == []
    assert measures[0].bad == 0
