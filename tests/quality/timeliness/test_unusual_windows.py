from dataclasses import replace

import numpy as np
import pytest

from karat.core.finding import DoesNotApply
from karat.core.schema import Column, Role
from karat.quality.timeliness import unusual_windows
from karat.quality.timeliness.unusual_windows import UnusualWindows

SIZE = 720
TIME = {"time": Column("time", Role.TIME, "timestamp")}


def hourly(values: np.ndarray) -> dict[str, list[str]]:
    start = np.datetime64("2024-01-01T00:00", "m")
    times = [str(start + np.timedelta64(60 * at, "m")) for at in range(len(values))]
    return {"time": times, "level": [f"{value:.3f}" for value in values]}


def daily_cycle() -> np.ndarray:
    at = np.arange(SIZE)
    return 20 + 5 * np.sin(2 * np.pi * at / 24) + np.random.default_rng(0).normal(0, 0.4, SIZE)


@pytest.mark.parametrize("kind", ["still", "flat", "noise", "level"])
def test_a_planted_window_is_named_where_it_is(make_block, kind):
    values = daily_cycle()
    chance = np.random.default_rng(1)
    if kind == "still":
        values[400:430] = values[400]
    elif kind == "flat":
        values[400:430] = 20 + chance.normal(0, 0.4, 30)
    elif kind == "noise":
        values[400:430] += chance.normal(0, 4, 30)
    else:
        values[400:430] += 9
    block = make_block(hourly(values), **TIME)
    check = UnusualWindows()
    state = check.learn(block)
    found = check.judge(state, block).to_pylist()
    assert found
    assert 385 <= found[0]["row"] < 445
    assert len(found) <= 3
    assert all(finding["confidence"] < 0.5 and finding["suggestion"] is None for finding in found)
    assert found[0]["value"] == block.text("level")[found[0]["row"]].as_py()
    scores = check.record_scores(state, block)
    assert np.median(scores[400:430]) > np.quantile(scores[:380], 0.99)


def test_an_untouched_cycle_has_next_to_nothing_unusual(make_block):
    block = make_block(hourly(daily_cycle()), **TIME)
    check = UnusualWindows()
    assert check.judge(check.learn(block), block).num_rows <= 1


def test_the_order_of_records_and_blocks_changes_nothing(make_block):
    values = daily_cycle()
    values[400:430] = 20
    block, check = make_block(hourly(values), **TIME), UnusualWindows()
    order = np.random.default_rng(2).permutation(SIZE)
    mixed = block.take(order)
    mixed = replace(mixed, rows=np.arange(SIZE))
    halves = check.learn(mixed.take(np.arange(300))).merge(check.learn(mixed.take(np.arange(300, SIZE))))
    whole = check.record_scores(check.learn(block), block)
    assert np.array_equal(check.record_scores(halves, mixed), whole[order])
    assert check.judge(halves, mixed).num_rows == check.judge(check.learn(block), block).num_rows


def test_gaps_have_no_score(make_block):
    columns = hourly(daily_cycle())
    columns["level"][50] = None
    block, check = make_block(columns, **TIME), UnusualWindows()
    scores = check.record_scores(check.learn(block), block)
    assert np.isnan(scores[50])
    assert np.isfinite(np.delete(scores, 50)).all()


def test_uneven_steps_short_series_and_tables_without_dates_are_left_out(make_block, monkeypatch):
    check = UnusualWindows()
    assert isinstance(check.applies(make_block({"level": ["1", "2"]}).schema), DoesNotApply)
    assert isinstance(check.applies(make_block({"time": ["2024-01-01"]}, **TIME).schema), DoesNotApply)
    short = make_block(hourly(daily_cycle()[:60]), **TIME)
    assert isinstance(check.judge(check.learn(short), short), DoesNotApply)
    columns = hourly(daily_cycle())
    columns["time"][1::2] = columns["time"][0::2]
    twice = make_block(columns, **TIME)
    assert isinstance(check.judge(check.learn(twice), twice), DoesNotApply)
    monkeypatch.setattr(unusual_windows, "MAX_CELLS", 100)
    long = make_block(hourly(daily_cycle()), **TIME)
    assert isinstance(check.judge(check.learn(long), long), DoesNotApply)
