import numpy as np
import pytest

from karat.core.errors import OptionError
from karat.evaluate.auc import AUC
from karat.train.crossings import best_crossing
from karat.train.scorecard import Scorecard


def odds(margin):
    return 1 / (1 + np.exp(-margin))


def drawn(n=6_000, crossed=0.0, seed=0):
    random = np.random.default_rng(seed)
    x = random.choice([-1.0, 0.0, 1.0], (n, 4))
    margin = x[:, 0] + 0.5 * x[:, 1] - 1 + crossed * x[:, 2] * x[:, 3]
    return x, (random.random(n) < odds(margin)).astype(int)


def test_parts_sum_to_the_score_and_no_weight_is_negative():
    x, y = drawn()
    x[:, 3] = -x[:, 0]  # evidence turned about: its weight must be 0, not negative
    model = Scorecard().fit(x, y)
    assert (model.weights >= 0).all()
    assert model.weights[0] == pytest.approx(1, abs=0.15)
    margin = model.parts(x).sum(1) + model.bias
    assert odds(margin) == pytest.approx(model.predict(x)[:, 1])
    assert model.cost["cpu_seconds"] >= 0


def test_probabilities_are_calibrated_on_the_whole():
    x, y = drawn()
    assert Scorecard().fit(x, y).predict(x)[:, 1].mean() == pytest.approx(y.mean(), abs=1e-3)


def test_what_two_columns_say_together_is_found_and_helps():
    x, y = drawn(crossed=1.0)
    apart, together = Scorecard(crossings=0).fit(x, y), Scorecard().fit(x, y)
    assert [(one.first, one.second) for one in together.crossed] == [(2, 3)]
    new, truth = drawn(crossed=1.0, seed=1)
    gained = AUC().score(truth, together.predict(new)) - AUC().score(truth, apart.predict(new))
    assert gained > 0.05
    assert together.parts(new).shape == (len(new), 5)


def test_no_crossing_is_made_of_chance():
    for seed in range(5):
        x, y = drawn(seed=seed)
        assert Scorecard().fit(x, y).crossed == ()


def test_a_constant_side_crosses_nothing():
    x, y = drawn()
    x[:, 2:] = 0
    _, worth = best_crossing(x, y - y.mean(), np.full(len(y), 0.25), 50.0)
    assert worth < 12


def test_one_class_and_what_it_cannot_learn():
    x, _ = drawn(50)
    assert Scorecard(classes=2).fit(x, np.ones(50, int)).predict(x).tolist() == [[0, 1]] * 50
    with pytest.raises(OptionError, match="two classes"):
        Scorecard().fit(x, np.arange(50) % 3)
    with pytest.raises(OptionError, match="numbers"):
        Scorecard().fit(x, np.arange(50) * 1.0)


def test_a_column_ordered_to_rise_is_crossed_with_nothing():
    x, y = drawn(crossed=1.0)
    ordered = Scorecard(monotone=((2, 1),)).fit(x, y)
    assert all(2 not in (one.first, one.second) for one in ordered.crossed)
    assert Scorecard(monotone=((0, 1), (1, 1), (2, 1))).fit(x, y).crossed == ()
