import numpy as np
import pytest

from karat.prepare.lags import Lags


def hours(n):
    start = np.datetime64("2024-03-01T00:00:00")
    return [str(start + np.timedelta64(k, "h")) for k in range(n)]


def series(make_block, n=240, order=None):
    values = np.arange(n) * 1.0 + 10 * np.sin(2 * np.pi * np.arange(n) / 24)
    order = np.arange(n) if order is None else order
    times, texts = np.array(hours(n))[order], np.array([f"{v:.3f}" for v in values])[order]
    return values, make_block("regression", t=("time", times.tolist()), y=("target", texts.tolist()))


def test_the_past_and_nothing_but_the_past(make_block):
    values, block = series(make_block)
    lags = Lags(season=24).fit(block)
    told = lags.apply(block)
    assert lags.names[:2] == ("last value", "a season ago")
    assert told[1:, 0] == pytest.approx(values[:-1], abs=1e-3)
    assert told[24:, 1] == pytest.approx(values[:-24], abs=1e-3)
    assert np.isnan(told[0]).all()
    assert told[100, -2] == pytest.approx(values[76:100].mean(), abs=1e-3)
    assert told[100, -1] == pytest.approx(values[76:100].std(), abs=1e-2)
    changed = make_block(
        "regression", t=("time", hours(240)), y=("target", [f"{v if k < 100 else 0:.3f}" for k, v in enumerate(values)])
    )
    assert lags.apply(changed)[:101] == pytest.approx(told[:101], nan_ok=True)


def test_a_longer_horizon_knows_less_and_order_in_the_file_says_nothing(make_block):
    values, block = series(make_block)
    far = Lags(horizon=3, season=24).fit(block).apply(block)
    assert far[10, 0] == pytest.approx(values[7], abs=1e-3)
    order = np.random.default_rng(0).permutation(240)
    _, dealt = series(make_block, order=order)
    near = Lags(season=24).fit(block)
    assert near.apply(dealt) == pytest.approx(near.apply(block)[order], nan_ok=True)


def test_classes_count_as_codes_and_seasons_are_learned_from_training_records(make_block):
    flags = ["涨" if k % 12 < 6 else "跌" for k in range(240)]
    block = make_block(t=("time", hours(240)), y=("target", flags))
    lags = Lags().fit(block, np.arange(120))
    assert lags.season == 12
    codes = np.array([lags.classes.index(flag) for flag in flags])
    assert lags.apply(block)[12:, 1].tolist() == codes[:-12].tolist()
    assert lags.apply(block, np.array([5, 6])).shape == (2, lags.width)
