"""A drift that costs alarms within two windows; one that does not is told and does not; nothing is no drift."""

from dataclasses import replace

import pytest

from karat.flow.drift import DriftMonitor
from karat.flow.drift_reference import ANSWER, DriftReference
from tests.flow.drift_data import records


@pytest.fixture(scope="module")
def reference():
    return DriftReference.of(records(2000, 0))


def two_windows(reference, change):
    monitor = DriftMonitor(reference)
    return [monitor.window(records(400, seed, change)) for seed in (1, 2)]


def test_windows_of_the_same_records_do_not_alarm(reference):
    monitor = DriftMonitor(reference)
    found = [monitor.window(records(300, seed)) for seed in range(10, 50)]
    assert [window.drifted for window in found] == [[]] * 40
    assert found[-1].window == 39


@pytest.mark.parametrize(
    "change",
    [
        lambda t: {"x": t["x"] * 0 + 3},
        lambda t: {"x": t["x"] * float("nan")},
        lambda t: {"x": t["z"] * 3, "z": t["x"]},
    ],
)
def test_what_costs_alarms(reference, change):
    found = two_windows(reference, change)
    alarms = {column.column for window in found for column in window.alarms}
    assert "x" in alarms
    column = next(c for c in found[-1].drifted if c.column == "x")
    assert column.cost.story == "values"
    assert column.cost.low > 0
    assert column.rows


@pytest.mark.parametrize("change", [lambda t: {"z": t["z"] + 2}, lambda t: {"city": ["OSLO"] * len(t["x"])}])
def test_what_costs_nothing_is_told_and_does_not_alarm(reference, change):
    found = two_windows(reference, change)
    assert {column.column for column in found[-1].drifted} - {ANSWER}
    assert not any(window.alarms for window in found)


def test_a_drift_that_ends_is_forgotten(reference):
    monitor = DriftMonitor(reference)
    assert monitor.window(records(400, 1, lambda t: {"z": t["z"] + 2})).drifted
    seen = [monitor.window(records(400, seed)).drifted for seed in range(2, 8)]
    assert not seen[-1]


def test_without_a_target_drift_is_measured_and_its_cost_is_not_known():
    block = records(600, 0)
    plain = DriftReference.of(type(block)(block.rows, block.table, block.schema.replacing(_ignored(block))))
    found = DriftMonitor(plain).window(records(400, 1, lambda t: {"z": t["z"] + 5}))
    assert [(c.column, c.cost, c.alarm) for c in found.drifted] == [("z", None, False)]
    assert found.loss is None


def _ignored(block):
    from dataclasses import replace

    from karat.core.schema import Role

    return replace(block.schema["y"], role=Role.IGNORE)


def test_what_costs_only_together_alarms_by_its_largest_part(reference):
    monitor = DriftMonitor(reference, least_cost=0.0)
    (found,) = [monitor.window(records(400, 1, lambda t: {"x": t["x"] * 0 + 3}))]
    dear = [replace(column, alarm=False) for column in found.drifted]
    told = monitor._told(dear, found.cost)
    assert [column.alarm for column in told].count(True) == 1
    assert monitor._told(dear, None) == dear
