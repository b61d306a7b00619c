"""The columns that can stand in an equation, the step each keeps to, and the plainest number near another."""

import numpy as np
import pytest

from karat.core.schema import Column, Role, Schema
from karat.quality import equation_columns
from karat.quality.equation_columns import columns_of, different, plain, step_of
from tests.quality._equations import block_of, columns_from


@pytest.mark.parametrize(
    ("numbers", "step"),
    [
        ([0.5, 1.5, -2.5], 0.1),
        ([0.25, 0.5], 0.01),
        ([5, 10, 12], 1),
        ([10, 20, 150], 10),
        ([1000, 5000, 0], 1000),
        ([1_000_000], 1000),  # no step is coarser
        ([1.0] * 19 + [1.5], 1),  # nineteen of twenty
        ([1.0] * 18 + [1.5], 0.1),
        ([np.pi, np.e, np.sqrt(2)], 0),
        ([0.0, 0.0], 0),
        ([], 0),
    ],
)
def test_the_step_that_nearly_all_numbers_keep(numbers, step):
    assert step_of(np.array(numbers, float)) == pytest.approx(step)


def test_a_step_is_told_from_the_first_of_many_numbers():
    numbers = np.concatenate([np.arange(1, equation_columns.STEPPED + 1), np.full(5000, 0.5)])
    assert step_of(numbers.astype(float)) == 1


@pytest.mark.parametrize(
    ("value", "room", "rounded"),
    [
        (0.3333333, 0.01, 0.33),
        (0.3333333, 0.04, 0.3),
        (2.0000001, 1e-6, 2.0),
        (123.456, 0.5, 123.0),
        (-0.1234, 0.001, -0.123),
        (0.004, 0.01, 0.0),
        (0.01, 0.01, 0.0),
        (np.pi, 0.0, np.pi),
    ],
)
def test_the_number_of_fewest_digits_near_a_value(value, room, rounded):
    assert plain(value, room) == rounded


def test_different_numbers_are_counted_without_gaps():
    assert different(np.array([1.0, 1, 2, np.nan, np.nan])) == 2
    assert different(np.array([np.nan])) == 0


def test_numbers_and_days_of_a_block_become_terms():
    days = np.datetime64("2020-01-01") + np.arange(30)
    columns = columns_from(price=np.arange(30) / 10, day=days, word=np.array(list("ab") * 15))
    assert [(term.column, term.part, term.factor) for term in columns.terms] == [("price", "", 1), ("day", "days", 1)]
    np.testing.assert_allclose(columns.steps, [0.1, 1])
    np.testing.assert_allclose(columns.values[1], np.arange(30) + 18262)  # days since 1970
    np.testing.assert_allclose(columns.sizes, [1.45, 18262 + 14.5])


def test_keys_sources_and_ignored_columns_stand_in_no_equation():
    block = block_of(a=np.arange(30.0), b=np.arange(30.0), c=np.arange(30.0), d=np.arange(30.0))
    roles = (Role.ID, Role.IGNORE, Role.SOURCE, Role.TARGET)
    schema = Schema(tuple(Column(n, role, "float64") for n, role in zip("abcd", roles, strict=True)))
    assert [term.column for term in columns_of(block, schema).terms] == ["d"]


@pytest.mark.parametrize(
    ("column", "kept"),
    [
        ([7.0] * 59 + list(range(10, 51)), True),
        ([7.0] * 60 + list(range(10, 50)), False),  # three in five hold one number: a constant
        ([0.0] * 90 + list(range(1, 11)), True),
        ([7.0] * 100, False),
        ([0.0] * 100, False),
        ([np.nan] * 80 + list(range(20)), True),
        ([np.nan] * 81 + list(range(19)), False),
    ],
)
def test_columns_that_vary_and_are_filled_enough(column, kept):
    assert len(columns_from(a=np.array(column, float)).terms) == kept


def test_a_fifth_of_many_records_must_be_filled():
    filled = np.where(np.arange(200) < 40, np.arange(200.0), np.nan)
    assert len(columns_from(a=filled).terms) == 1
    filled[39] = np.nan
    assert len(columns_from(a=filled).terms) == 0


def test_records_are_sampled_by_what_they_say_and_screened_on_some(monkeypatch):
    columns = columns_from(a=np.arange(200.0), b=np.arange(200.0) ** 2)
    assert (columns.values.shape, columns.screen.shape) == ((2, 200), (2, equation_columns.SCREENED))
    np.testing.assert_allclose(columns.screen[1], columns.screen[0] ** 2)
    assert len(set(columns.screen[0])) == equation_columns.SCREENED
    monkeypatch.setattr(equation_columns, "MOST_RECORDS", 50)
    some = columns_from(a=np.arange(200.0), b=np.arange(200.0) ** 2)
    assert some.values.shape == (2, 50)
    np.testing.assert_allclose(some.values[1], some.values[0] ** 2)


def test_some_of_the_columns_and_the_evidence_of_a_candidate():
    columns = columns_from(a=np.arange(30.0), b=np.arange(30.0) + 1, c=np.arange(30.0) + 2)
    few = columns.only([2, 0])
    assert [term.column for term in few.terms] == ["c", "a"]
    assert (few.values[:, 0].tolist(), few.screen.shape) == ([2, 0], (2, 30))
    evidence = columns.evidence(1, (2, 0))
    assert (evidence.target[0], [term[0] for term in evidence.terms]) == (1, [2, 0])


def test_no_columns_at_all():
    columns = columns_from(word=np.array(["a"] * 30))
    assert (len(columns.terms), columns.values.shape, columns.sizes.shape) == (0, (0, 30), (0,))
