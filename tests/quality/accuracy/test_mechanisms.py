"""What would make a record fit: one number led back by a factor, or two exchanged."""

import numpy as np
import pytest

from karat.quality.accuracy._conditional import conditional
from karat.quality.accuracy._mechanisms import RecordExplanation, ScaledRecords, step_of, why, written


@pytest.fixture
def columns():
    rng = np.random.default_rng(12)
    x = np.round(rng.normal(100, 15, 600), 1)
    return {
        "x": x,
        "y": np.round(5 * x + rng.normal(0, 8, 600), 1),
        "z": np.round(20 + x / 10 + rng.normal(0, 0.4, 600), 2),
    }


@pytest.fixture
def blamed(make_block):
    def ask(columns):
        block = make_block({name: [str(v) for v in values] for name, values in columns.items()})
        model = conditional(block, block.schema)
        return model, ScaledRecords.of(model, block, block).blamed()

    return ask


def test_records_that_fit_are_not_blamed(columns, blamed):
    assert blamed(columns)[1] == []


@pytest.mark.parametrize(("name", "factor"), [("y", 1000.0), ("y", 0.01), ("x", 10.0), ("z", 100.0)])
def test_a_number_led_back_by_its_factor(columns, blamed, name, factor):
    original = columns[name][7]
    columns[name][7] = round(original * factor, 6)
    model, (blame,) = blamed(columns)
    assert (blame.at, [model.names[at] for at in blame.columns], blame.factor) == (7, [name], factor)
    assert blame.numbers[0] == pytest.approx(original)
    assert blame.sure > 0.9


def test_two_numbers_exchanged(columns, blamed):
    columns["x"][9], columns["y"][9] = columns["y"][9], columns["x"][9]
    model, (blame,) = blamed(columns)
    assert (blame.at, {model.names[at] for at in blame.columns}, blame.factor) == (9, {"x", "y"}, 0)
    led = dict(zip((model.names[at] for at in blame.columns), blame.numbers, strict=True))
    assert (led["x"], led["y"]) == (columns["y"][9], columns["x"][9])
    assert blame.sure > 0.5


def test_a_number_that_no_mechanism_explains_is_not_blamed(columns, blamed):
    columns["y"][7] *= 3
    assert blamed(columns)[1] == []


def test_zero_and_missing_numbers_are_not_asked(columns, make_block):
    block = make_block({name: [str(v) for v in values] for name, values in columns.items()})
    model = conditional(block, block.schema)
    spoiled = make_block(
        {"x": ["0", None], "y": ["500", "500"], "z": ["30", "30"]}, **{n: block.schema[n] for n in "xyz"}
    )
    records = ScaledRecords.of(model, spoiled, block)
    assert records.far()[1, 0] == 0
    assert records.far()[0, 0] > 3
    assert all(blame.at != 1 or 0 not in blame.columns for blame in records.blamed())


def test_far_counts_widths_from_the_expectation(columns, make_block):
    block = make_block({name: [str(v) for v in values] for name, values in columns.items()})
    model = conditional(block, block.schema)
    records = ScaledRecords.of(model, block, block)
    by_hand = np.abs(model.scaled(block)[3] - model.expected(block, model.scaled(block))[3]) / model.width
    np.testing.assert_allclose(records.far()[3], by_hand)
    assert records.steps == (0.1, 0.1, 0.01)


def test_likelihood_of_numbers_falls_with_their_distance(columns, make_block):
    block = make_block({name: [str(v) for v in values] for name, values in columns.items()})
    model = conditional(block, block.schema)
    records = ScaledRecords.of(model, block, block)
    scale, expected = model.scales[1], records.expected[3, 1]
    middle = scale.middle + expected * scale.spread
    likelihood = records.log_likelihood(3, 1, np.array([middle, middle + 20, middle + 100, np.nan]))
    assert likelihood[0] > likelihood[1] > likelihood[2]
    assert likelihood[3] == -np.inf
    moved = records.log_likelihood(3, 1, np.array([middle + scale.spread]), 1.0)
    assert moved[0] == pytest.approx(likelihood[0])


def test_the_step_of_numbers_and_a_number_on_it():
    assert step_of(np.array([0.5, 1.5, np.nan, 2.5])) == 0.1
    assert step_of(np.array([np.pi, np.e])) == 0
    assert written(12.3000001, 0.1) == "12.3"
    assert written(12.34567891234, 0.0) == "12.34567891"
    assert written(165.2, 1.0) == "165"


def test_the_evidence_in_words(columns, blamed):
    model, _ = blamed(columns)
    slip = RecordExplanation(0, (1,), (512.0,), 1000.0, 0.9, (44.44,))
    assert why(model, slip, 0) == (
        "lies 44.4 times the usual distance from where the rest of the record puts 'y'; divided by 1000 it is 512, which fits"
    )
    swap = RecordExplanation(0, (0, 1), (512.0, 99.0), 0.0, 0.9, (7.0, 8.0))
    assert why(model, swap, 1).endswith("puts 'y'; exchanged with 'x' both fit the record")
    assert why(model, swap, 1).startswith("lies 8.0 times")
