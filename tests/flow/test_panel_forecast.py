"""Which way ships, and what the figures say."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Column, Role, Schema
from karat.flow.panel_forecast import foretold, panel_evaluation
from karat.prepare.panel import Panel


def block_of(values, days=None):
    days = days or [str(np.datetime64("2024-01-01") + at) for at in range(len(values))]
    schema = Schema(
        (Column("day", Role.TIME, "timestamp"), Column("y", Role.TARGET, "float64")), "regression", kind="series"
    )
    texts = [None if value is None else str(value) for value in values]
    return Block(np.arange(len(values)), pa.table({"day": days, "y": pa.array(texts, pa.string())}), schema)


def test_a_wave_is_forecast_better_than_by_repeating_and_held():
    at = np.arange(140)
    line = 50 + 0.2 * at + 8 * np.sin(2 * np.pi * at / 7) + np.random.default_rng(0).normal(size=140)
    block = block_of(line.round(3).tolist())
    told = panel_evaluation(block, 7, 0, 1)
    assert told["shipped"]["MASE"] < told["shipped"]["naive_MASE"]
    assert 0.7 <= told["intervals"][told["choice"]["panel"]]["coverage"] <= 1
    said = foretold(Panel.of(block, 7), told, 0, 1)
    truth = 50 + 0.2 * np.arange(140, 147) + 8 * np.sin(2 * np.pi * np.arange(140, 147) / 7)
    assert np.abs(said["value"][0] - truth).mean() < 1.5
    assert (said["low"] < said["value"]).all()
    assert (said["value"] < said["high"]).all()


def test_a_series_never_seen_before_gets_the_usual_weights():
    panel = Panel.of(block_of(list(range(40))), 3)
    forecast = {
        "choice": {"weights": {"other": {"last value": 1.0}}, "usual": {"drift": 0.5, "last value": 0.5}},
        "reach": {"power": 0.5, "widths": {"other": 2.0}},
    }
    assert foretold(panel, forecast, 0, 1)["value"][0].tolist() == pytest.approx([39.5, 40, 40.5])


def test_two_records_are_no_series():
    with pytest.raises(InputError, match="no series has three known values"):
        panel_evaluation(block_of([1.0, 2.0]), 0, 0, 1)
