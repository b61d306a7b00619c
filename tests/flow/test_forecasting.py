import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.flow.forecasting import forecasts, steps_of
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


def test_a_season_and_its_driver_are_forecast_better_than_by_repeating():
    random = np.random.default_rng(0)
    at = np.arange(700)
    driver = random.normal(size=700)
    y = 5 * np.sin(2 * np.pi * at / 24) + np.append(0, 3 * driver[:-1]) + 0.3 * random.normal(size=700)
    block = block_of(y.round(4), "regression", driver=driver.round(4))
    told = forecasts(block, plan_splits(block, repeats=1, folds=3, by="time"))
    error = {name: scores["MAE"]["value"] for name, scores in told["learners"].items()}
    assert told["season"] == 24
    assert list(error) == [
        "last value",
        "seasonal naive",
        "lags and calendar",
        "columns a step before",
        "columns of the same time",
    ]
    assert error["columns a step before"] < 0.5 * min(error["last value"], error["seasonal naive"])
    assert error["columns a step before"] < 0.6 * error["columns of the same time"]


def test_classes_are_forecast_too_and_without_other_columns():
    random = np.random.default_rng(1)
    y = np.where(np.arange(800) % 10 < 5, "up", "down")
    y = np.where(random.random(800) < 0.05, "up", y)
    block = block_of(y, "classification")
    told = forecasts(block, plan_splits(block, repeats=1, folds=3, by="time"))["learners"]
    assert set(told) == {"last value", "seasonal naive", "lags and calendar"}
    assert told["lags and calendar"]["Accuracy"]["value"] > told["last value"]["Accuracy"]["value"] + 0.05


def seasonal(n=500, seed=0):
    random = np.random.default_rng(seed)
    at = np.arange(n)
    driver = random.normal(size=n)
    return driver, 100 + 5 * np.sin(2 * np.pi * at / 12) + np.append(0, driver[:-1]) + 0.3 * random.normal(size=n)


def test_several_steps_ahead_are_told_step_by_step_with_intervals_that_hold():
    driver, y = seasonal(360)
    block = block_of(y.round(4), "regression", driver=driver.round(4))
    told = forecasts(block, plan_splits(block, repeats=1, folds=2, by="time"), horizon=4, workers=2)
    assert [one["step"] for one in told["steps"]] == [1, 2, 3, 4]
    error = {name: scores["MAE"]["value"] for name, scores in told["learners"].items()}
    assert "columns of the same time" not in error
    assert error["columns when it is made"] < 0.85 * min(error["last value"], error["seasonal naive"])
    near, far = (told["steps"][k]["learners"]["columns when it is made"] for k in (0, 3))
    assert near < 0.7 * far  # the driver tells of the next step alone
    for held in told["intervals"].values():
        assert 0.8 < held["coverage"] < 0.98


@pytest.mark.parametrize("horizon", [1, 12])
def test_a_series_of_a_time_and_a_target_alone_is_forecast(horizon):
    y = 100 + 5 * np.sin(2 * np.pi * np.arange(200) / 12)
    columns = Column("day", Role.TIME, "timestamp"), Column("y", Role.TARGET, "float64")
    schema = Schema(columns, "regression", kind="series")
    days = (np.datetime64("2024-01-01") + np.arange(200)).astype(str).tolist()
    block = Block(np.arange(200), pa.table({"day": days, "y": y.round(3).astype(str).tolist()}), schema)
    told = forecasts(block, plan_splits(block, repeats=1, folds=2, by="time"), horizon=horizon)["learners"]
    assert set(told) == {"last value", "seasonal naive", "lags and calendar"}
    assert told["seasonal naive"]["MAE"]["value"] < 0.01


def test_steps_of_a_long_horizon_are_spread_over_it():
    assert steps_of(1).tolist() == [1]
    far = steps_of(500)
    assert (len(far), far[0], far[-1]) == (24, 1, 500)
