"""The forecaster that ships: written, read and asked with raw history."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError, OptionError
from karat.core.schema import Column, Role, Schema
from karat.flow.forecaster import NEXT, Forecaster, deploy_forecaster
from karat.flow.panel_forecast import panel_evaluation

DAYS = [str(np.datetime64("2024-01-01") + at) for at in range(98)]


def panel(promo=False):
    chance = np.random.default_rng(0)
    rows = []
    for k, shop in enumerate("ab"):
        for at, day in enumerate(DAYS):
            offer = int(chance.random() < 0.3)
            value = 30 + 10 * k + 5 * np.sin(2 * np.pi * at / 7) + 12 * offer * promo + chance.normal()
            rows.append((shop, day, str(offer), None if promo and at >= 91 else f"{value:.3f}"))
    shop, day, offer, y = (list(column) for column in zip(*rows, strict=True))
    columns = {"shop": shop, "day": day} | ({"promo": offer} if promo else {}) | {"y": y}
    roles = {"shop": Role.CATEGORY, "day": Role.TIME, "promo": Role.NUMBER, "y": Role.TARGET}
    types = {"shop": "string", "day": "timestamp"}
    schema = Schema(
        tuple(Column(name, roles[name], types.get(name, "float64")) for name in columns), "regression", kind="series"
    )
    return Block(np.arange(len(rows)), pa.table(columns), schema)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    place = tmp_path_factory.mktemp("forecast")
    block = panel()
    count = deploy_forecaster(block, panel_evaluation(block, 7, 0, 1), place, "shops", "2", 0)
    return block, place, count


def test_the_steps_to_come_are_written(shipped):
    import pyarrow.parquet as pq

    _, place, count = shipped
    table = pq.read_table(place / "forecast.parquet")
    assert (count, table.num_rows, table.schema.equals(NEXT)) == (14, 14, True)
    assert table["time"].to_pylist()[:2] == ["2024-04-08", "2024-04-09"]
    assert table["series"].to_pylist() == ["a"] * 7 + ["b"] * 7


def test_raw_history_gets_the_same_answer(shipped):
    import pyarrow.parquet as pq

    block, place, _ = shipped
    forecaster = Forecaster.load(place / "model" / "forecast")
    said = forecaster.answer(block.table)
    assert np.allclose(said["forecast"], pq.read_table(place / "forecast.parquet")["forecast"], atol=0.01)
    alone = block.table.filter(pa.array([shop == "b" for shop in block.table["shop"].to_pylist()]))
    assert forecaster.answer(alone, 3).num_rows == 3


def test_what_is_wrong_with_a_history_is_said(shipped):
    block, place, _ = shipped
    forecaster = Forecaster.load(place / "model" / "forecast")
    with pytest.raises(InputError, match="no column 'day'"):
        forecaster.answer(block.table.drop_columns("day"))
    with pytest.raises(OptionError, match="horizon in the request is 9999"):
        forecaster.answer(block.table, 9_999)
    with pytest.raises(InputError, match="three known values"):
        forecaster.answer(block.table.slice(0, 2))


def test_columns_that_are_known_ahead_must_be_sent(tmp_path: Path):
    block = panel(promo=True)
    forecast = panel_evaluation(block, 0, 0, 1)
    assert (forecast["horizon"], forecast["known_ahead"]) == (7, ["promo"])
    deploy_forecaster(block, forecast, tmp_path, "shops", "1", 0)
    forecaster = Forecaster.load(tmp_path / "model" / "forecast")
    assert forecaster.answer(block.table).num_rows == 14
    past = block.table.filter(pa.array([y is not None for y in block.table["y"].to_pylist()]))
    with pytest.raises(InputError, match="fewer than 7 rows behind the last known value with 'promo'"):
        forecaster.answer(past)


def test_a_broken_file_is_one_line(tmp_path: Path):
    (tmp_path / "forecaster.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as a forecaster"):
        Forecaster.load(tmp_path)
