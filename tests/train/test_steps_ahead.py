import numpy as np
import pytest

from karat.train.boosted_trees import BoostedTrees
from karat.train.steps_ahead import StepsAhead

FEW = BoostedTrees(trees=40, rate=0.2, leaves=12)


def walk(n=1_500, level=0.0, seed=0):
    """Last value, one more lag, how many steps ahead; the truth drifts back by what it rose, step by step."""
    random = np.random.default_rng(seed)
    last, before = level + random.normal(size=(2, n))
    steps = random.integers(1, 9, n)
    truth = last + 0.1 * steps * (before - last) + 0.02 * random.normal(size=n)
    return np.column_stack([last, before, steps]).astype(np.float32), truth


def test_a_level_never_met_is_forecast_as_well():
    x, y = walk()
    new, truth = walk(level=1_000.0, seed=1)
    model = StepsAhead(levels=1, step=2, trees=FEW).fit(x, y)
    assert np.abs(model.predict(new) - truth).mean() < 0.4 * np.abs(new[:, 0] - truth).mean()
    plain = StepsAhead(levels=0, step=2, trees=FEW).fit(x, y)
    assert np.abs(plain.predict(new) - truth).mean() > 2 * np.abs(model.predict(new) - truth).mean()


def test_near_and_far_steps_have_models_of_their_own_and_others_take_the_nearest_below():
    x, y = walk()
    model = StepsAhead(levels=1, step=2, trees=FEW).fit(x, y)
    assert model.edges.tolist() == [1.5, 3.5, 7.5]
    asked = np.repeat(x[:1], 5, axis=0)
    asked[:, 2] = [7, 7.4, 8, 300, np.nan]
    told = model.predict(asked)
    assert told[0] == told[1]
    assert told[2] == told[3]
    gaps = StepsAhead(step=2, trees=FEW).fit(x[x[:, 2] != 3][:50], y[x[:, 2] != 3][:50])
    assert len(gaps.inner) == len(gaps.edges) + 1


def test_without_a_last_value_the_mean_stands_in():
    x, y = walk()
    model = StepsAhead(trees=FEW).fit(x, y)
    asked = np.full((1, 3), np.nan, np.float32)
    assert model.predict(asked)[0] == pytest.approx(y.mean(), abs=0.5)
    assert model.cost["cpu_seconds"] >= 0
