"""Which way ships, and what the figures say."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Column, Role, Schema
from karat.flow.forecast_race import COMBINED, Answers
from karat.flow.panel_forecast import Choice, foretold, panel_evaluation
from karat.prepare.panel import Panel

NAMES = ("last value", "seasonal naive", "drift", "theta", "boosted trees", COMBINED)


def answers(sizes, series=1, windows=5, seed=0):
    """Ways that err by some mean size each."""
    chance = np.random.default_rng(seed)
    truth = np.zeros((windows, series, 4))
    noise = 1 + 0.05 * chance.normal(size=(len(sizes), windows, series, 4))
    return Answers(
        truth, np.ones((windows, series)), {n: s * noise[k] for k, (n, s) in enumerate(zip(NAMES, sizes, strict=True))}
    )


def block_of(values, days=None):
    days = days or [str(np.datetime64("2024-01-01") + at) for at in range(len(values))]
    schema = Schema(
        (Column("day", Role.TIME, "timestamp"), Column("y", Role.TARGET, "float64")), "regression", kind="series"
    )
    texts = [None if value is None else str(value) for value in values]
    return Block(np.arange(len(values)), pa.table({"day": days, "y": pa.array(texts, pa.string())}), schema)


@pytest.mark.parametrize(
    ("sizes", "ships"),
    [
        ((5, 4, 5, 1.0, 0.95, 1.0), COMBINED),  # a lead in five windows is chance
        ((5, 4, 5, 1.0, 0.5, 1.0), "boosted trees"),  # half the error is not
        ((5, 0.9, 5, 1.0, 1.0, 1.0), "seasonal naive"),
        ((0.9, 0.8, 0.7, 0.1, 0.1, 1.0), "theta"),
    ],
)
def test_what_ships_of_one_series(sizes, ships):
    assert Choice.of(answers(sizes)).panel == ships


def test_many_series_tell_small_leads_apart():
    assert Choice.of(answers((5, 4, 5, 1.0, 0.9, 1.0), series=60)).panel == "boosted trees"


def test_a_series_that_a_naive_forecast_suits_gets_it():
    made = answers((5, 4, 5, 1.0, 1.0, 1.0), series=3)
    made.said["last value"][:, 1] = 0.2
    assert Choice.of(made).each == (COMBINED, "last value", COMBINED)


def test_without_windows_the_last_value_stays():
    empty = Answers(np.zeros((0, 2, 3)), np.zeros((0, 2)), {})
    assert Choice.of(empty) == Choice("last value", ("last value", "last value"))


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


def test_a_series_never_seen_before_gets_the_way_of_the_panel():
    panel = Panel.of(block_of(list(range(40))), 3)
    forecast = {
        "choice": {"panel": "drift", "each": {"other": "last value"}},
        "reach": {"power": 0.5, "widths": {"other": 2.0}},
    }
    assert foretold(panel, forecast, 0, 1)["value"][0].tolist() == pytest.approx([40, 41, 42])


def test_two_records_are_no_series():
    with pytest.raises(InputError, match="no series has three known values"):
        panel_evaluation(block_of([1.0, 2.0]), 0, 0, 1)
