from time import perf_counter
from types import SimpleNamespace

import numpy as np
import pyarrow as pa

from karat import kinds
from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.flow.forecasting import forecast, forecasts, steps_of
from karat.prepare.splits import plan_splits


def block_of(y, task, **more):
    n = len(y)
    start = np.datetime64("2024-01-01T00:00:00")
    columns = {"t": [str(start + np.timedelta64(k, "h")) for k in range(n)], **more, "y": [str(v) for v in y]}
    roles = {"t": Role.TIME, "y": Role.TARGET}
    types = {"t": "timestamp"}
    schema = Schema(
        tuple(Column(name, roles.get(name, Role.NUMBER), types.get(name, "float64")) for name in columns), task
    )
    return Block(np.arange(n), pa.table({name: [str(v) for v in held] for name, held in columns.items()}), schema)


def test_classes_are_forecast_too_and_without_other_columns():
    random = np.random.default_rng(1)
    y = np.where(np.arange(800) % 10 < 5, "up", "down")
    y = np.where(random.random(800) < 0.05, "up", y)
    block = block_of(y, "classification")
    told = forecasts(block, plan_splits(block, repeats=1, folds=3, by="time"))["learners"]
    assert set(told) == {"last value", "seasonal naive", "lags and calendar"}
    assert told["lags and calendar"]["Accuracy"]["value"] > told["last value"]["Accuracy"]["value"] + 0.05


def test_classes_several_steps_ahead_are_scored_step_by_step():
    random = np.random.default_rng(2)
    y = np.where(random.random(400) < 0.1, "up", np.where(np.arange(400) % 8 < 4, "up", "down"))
    block = block_of(y, "classification")
    told = forecasts(block, plan_splits(block, repeats=1, folds=2, by="time"), horizon=3, workers=2)
    assert [(one["step"], one["metric"]) for one in told["steps"]] == [
        (1, "Accuracy"),
        (2, "Accuracy"),
        (3, "Accuracy"),
    ]
    assert "intervals" not in told


def test_steps_of_a_long_horizon_are_spread_over_it():
    assert steps_of(1).tolist() == [1]
    far = steps_of(500)
    assert (len(far), far[0], far[-1]) == (24, 1, 500)


def test_without_time_there_is_no_forecast_and_a_line_says_so(monkeypatch):
    notes = []
    settings = SimpleNamespace(seed=0, budget="60s", train=SimpleNamespace(horizon=1))
    listener = SimpleNamespace(note=lambda room, line: notes.append((room, line)))
    job = SimpleNamespace(settings=settings, workers=1, clock=perf_counter() - 61, listener=listener)
    on = SimpleNamespace(job=job, rooms={"prepare": {"folds": 3}})
    kind = SimpleNamespace(splits=lambda *_, **__: SimpleNamespace(forward=True))
    monkeypatch.setattr(kinds, "of", lambda _: kind)
    assert forecast(on, block_of(["a", "b"] * 20, "classification")) == {}
    assert notes == [("evaluate", "no forecast: the budget of 60s leaves no time")]
