"""Number columns modelled from the rest of their record: scales, folds, expectations and tails."""

import numpy as np
import pytest

from karat.core.schema import Column, Role
from karat.quality.accuracy import _conditional
from karat.quality.accuracy._conditional import (
    CLIP,
    FOLDS,
    Conditional,
    Scale,
    _huber,
    _student,
    conditional,
    folds,
    heard,
)


@pytest.fixture
def rng():
    return np.random.default_rng(2)


@pytest.fixture
def model_of(make_block):
    def build(**columns):
        block = make_block(
            {name: [None if v != v else str(v) for v in values] for name, values in columns.items()},
            code=Column("code", Role.CATEGORY),
        )
        return block, conditional(block, block.schema)

    return build


def test_scales_linear_and_logarithmic():
    np.testing.assert_allclose(Scale(log=False, middle=10, spread=2).of(np.array([10, 14, np.nan])), [0, 2, np.nan])
    scale = Scale(log=True, middle=0, spread=2)
    np.testing.assert_allclose(scale.of(np.array([1, np.e**4, 0, -1])), [0, 2, np.nan, np.nan])
    assert Scale(log=False, middle=1, spread=2).stretch(np.array([5.0])) == pytest.approx(-np.log(2))
    assert scale.stretch(np.array([10.0])) == pytest.approx(-np.log(20))


def test_a_stretch_makes_a_density_on_the_scale_one_of_numbers():
    scale, numbers = Scale(log=True, middle=1, spread=0.5), np.linspace(1, 2, 11)
    slope = np.gradient(scale.of(numbers), numbers)
    np.testing.assert_allclose(np.exp(scale.stretch(numbers))[1:-1], slope[1:-1], rtol=0.01)


def test_witnesses_are_heard_no_louder_than_some_way_out():
    assert heard(np.array([np.nan, 1, 99, -99])).tolist() == [0, 1, CLIP, -CLIP]


def test_folds_follow_from_the_number_of_a_record():
    rows = np.arange(1000)
    assert folds(rows)[[5, 6]].tolist() == folds(np.array([5, 6])).tolist()
    counts = np.bincount(folds(rows), minlength=FOLDS)
    assert len(counts) == FOLDS
    assert counts.min() > 150


def test_a_number_is_expected_where_the_others_put_it(rng, model_of):
    x = np.round(rng.normal(50, 10, 500), 2)
    block, model = model_of(x=x, y=np.round(3 * x + rng.normal(0, 3, 500), 2), z=np.round(rng.normal(0, 1, 500), 3))
    assert model.names == ("x", "y", "z")
    assert np.abs(model.weights[:, [0, 1, 2], [0, 1, 2]]).max() == 0, "no column witnesses for itself"
    scaled = model.scaled(block)
    off = np.abs(scaled - model.expected(block, scaled))
    assert np.median(off[:, 1]) < 0.1 * np.median(np.abs(scaled[:, 1])) + 0.05
    assert np.median(off[:, 2]) == pytest.approx(np.median(np.abs(scaled[:, 2])), abs=0.1)
    assert model.width[1] < 0.15 < model.width[2]
    assert np.isinf(model.edge[2]), "the rest says nothing about it"


def test_a_record_in_another_fold_does_not_change_its_own_expectation(rng, model_of):
    x = np.round(rng.normal(50, 10, 300), 2)
    y = np.round(3 * x + rng.normal(0, 3, 300), 2)
    block, model = model_of(x=x, y=y)
    y[7] = 900.0
    other_block, other = model_of(x=x, y=y)
    fold = folds(np.array([7]))[0]
    np.testing.assert_allclose(model.weights[fold, 1], other.weights[fold, 1], atol=0.02)
    first, second = model.expected(block, model.scaled(block)), other.expected(other_block, other.scaled(other_block))
    assert first[7, 1] == pytest.approx(second[7, 1], abs=0.05)


def test_far_residuals_lie_beyond_an_edge(rng, model_of):
    x = np.round(rng.normal(50, 10, 500), 2)
    y = np.round(3 * x + rng.normal(0, 1, 500), 2)
    assert np.isinf(model_of(x=x, y=y)[1].edge[1])
    y[3] += 200
    assert np.isfinite(model_of(x=x, y=y)[1].edge[1])


def test_categories_say_where_numbers_lie(rng, model_of):
    code = rng.choice(["a", "b", "c"], 600, p=[0.5, 0.3, 0.2])
    y = np.round(np.where(code == "b", 80, 20) + rng.normal(0, 2, 600), 2)
    block, model = model_of(x=np.round(rng.normal(0, 1, 600), 3), y=y, code=code)
    assert model.marks == (("code", "b"), ("code", "c")), "the likeliest value is left out"
    expected = model.expected(block, model.scaled(block))[:, 1]
    assert expected[code == "b"].min() > expected[code != "b"].max()


def test_small_tables_and_lone_columns_have_no_model(rng, model_of):
    x, y = np.round(rng.normal(0, 1, 100), 3), np.round(rng.normal(0, 1, 100), 3)
    assert model_of(x=x, y=y)[1] is not None
    assert model_of(x=x[:99], y=y[:99])[1] is None
    assert model_of(x=x, code=np.array(["a"] * 100))[1] is None


@pytest.mark.parametrize(
    ("column", "modelled"),
    [
        (np.arange(200) % 16, True),
        (np.arange(200) % 15, False),  # too few different numbers
        (np.where(np.arange(200) < 50, 7, np.arange(200) + 100), True),
        (np.where(np.arange(200) < 51, 7, np.arange(200) + 100), False),  # a quarter hold one number
        (np.where(np.arange(200) < 100, np.arange(200), np.nan), True),
        (np.where(np.arange(200) < 99, np.arange(200), np.nan), False),
    ],
)
def test_columns_that_are_a_distribution(rng, model_of, column, modelled):
    others = {name: np.round(rng.normal(0, 1, 200), 3) for name in "xy"}
    assert ("a" in model_of(**others, a=column.astype(float))[1].names) == modelled


def test_skewed_columns_above_zero_are_measured_in_logarithms(rng, model_of):
    skewed = np.round(np.exp(rng.normal(3, 1, 300)), 3)
    _, model = model_of(x=np.round(rng.normal(100, 5, 300), 2), a=skewed, b=skewed - 10)
    assert [scale.log for scale in model.scales] == [False, True, False]


def test_many_records_are_sampled(rng, model_of, monkeypatch):
    monkeypatch.setattr(_conditional, "FIT", 150)
    x = np.round(rng.normal(50, 10, 400), 2)
    block, model = model_of(x=x, y=np.round(2 * x + rng.normal(0, 1, 400), 2))
    assert model.expected(block, model.scaled(block)).shape == (400, 2)


def test_the_density_of_students_t():
    model = Conditional((), (), (), np.zeros(0), np.array([2.0]), np.array([3.0]), np.zeros(1))
    density = model.log_density(np.array([0.0, 2.0, -2.0]), 0)
    assert density[0] == pytest.approx(-np.log(2))
    assert density[0] - density[1] == pytest.approx(2 * np.log(1 + 1 / 3))
    assert density[1] == density[2]


def test_residuals_are_told_by_their_tails(rng):
    width, freedom = _student(rng.normal(0, 2, 4000))
    assert freedom >= 10
    assert width == pytest.approx(2, rel=0.1)
    width, freedom = _student(3 * rng.standard_t(3, 4000))
    assert freedom in {2, 3, 4}
    assert width == pytest.approx(3, rel=0.15)
    assert _student(np.zeros(50))[0] == pytest.approx(0.001), "equations leave no residual"


def test_the_constant_of_a_regression_is_not_drawn_to_zero():
    ones = np.ones((10, 1))
    assert _huber(ones, np.full(10, 100.0)) == pytest.approx([100])
    witness = np.tile([1.0, -1.0], 5)[:, None]
    weights = _huber(np.hstack([witness, ones]), 100 + 13 * witness[:, 0])
    assert weights == pytest.approx([10, 100], rel=0.15), "a witness of ten records is, by three of thirteen"


def test_far_records_pull_with_a_constant_force(rng):
    x = rng.normal(0, 1, 200)
    y = 2 * x + rng.normal(0, 0.1, 200)
    near, far = y.copy(), y.copy()
    near[0], far[0] = y[0] + 10, y[0] + 1000
    both = [_huber(np.stack([x, np.ones(200)], axis=1), numbers) for numbers in (near, far)]
    assert both[0] == pytest.approx([2, 0], abs=0.1)
    np.testing.assert_allclose(both[0], both[1], atol=0.02)
