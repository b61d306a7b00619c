"""Equations between columns: planted ones are found in dirt, chance and correlation are not taken for any."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.equation_search import derived_columns, equations_of
from karat.quality.sampled import Sampled


def sampled(**columns):
    """A state from columns of numbers (or dates as text)."""
    texts, described = {}, []
    for name, values in columns.items():
        time, word = values.dtype.kind == "M", values.dtype.kind == "U"
        kind = ("timestamp", Role.TIME) if time else ("string", Role.CATEGORY) if word else ("float64", Role.NUMBER)
        described.append(Column(name, kind[1], kind[0]))
        texts[name] = [str(value) if time or word else f"{value:.10g}" for value in values]
    table = pa.table({name: pa.array(values, pa.string()) for name, values in texts.items()})
    return Sampled.of(Block(np.arange(len(table)), table, Schema(tuple(described))))


def spoiled(values, share, rng):
    """Some of the numbers replaced by other numbers of the column."""
    out = values.copy()
    at = rng.random(len(out)) < share
    out[at] = rng.permutation(values)[at] + rng.integers(1, 50, at.sum())
    return out


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def told(state):
    return [str(equation) for equation in equations_of(state)]


@pytest.mark.parametrize("dirt", [0.0, 0.05, 0.25])
def test_a_total_of_parts_and_a_charge_is_found_in_dirt(rng, dirt):
    fare, tip = np.round(rng.gamma(3, 6, 800), 1), np.round(rng.gamma(2, 2, 800), 2)
    toll = np.where(rng.random(800) < 0.1, 5.76, 0.0)
    total = spoiled(np.round(fare + tip + toll + 0.8, 2), dirt, rng)
    state = sampled(fare=fare, tip=tip, toll=toll, total=total)
    assert told(state) == ["total = 0.8 + fare + tip + toll"]
    equation = equations_of(state)[0]
    kept = equation.holds(state.block)[np.argsort(state.block.rows)]
    assert (kept == (np.abs(total - fare - tip - toll - 0.8) < 1e-6)).all()
    assert equation.share == pytest.approx(1 - dirt, abs=0.04)
    assert derived_columns(state) == {"total"}


def test_dirt_in_any_of_the_parts_is_no_obstacle(rng):
    a, b = rng.integers(10, 900, 600).astype(float), rng.integers(10, 900, 600).astype(float)
    state = sampled(a=spoiled(a, 0.1, rng), b=spoiled(b, 0.1, rng), difference=spoiled(a - b, 0.08, rng))
    assert told(state) == ["a = b + difference"]


def test_a_product_and_a_rounded_percentage(rng):
    price, pieces = np.round(rng.gamma(3, 9, 500) + 1, 2), rng.integers(2, 40, 500).astype(float)
    assert told(sampled(price=price, pieces=pieces, value=np.round(price * pieces, 2))) == ["value = pieces × price"]
    won, played = rng.integers(20, 400, 500).astype(float), rng.integers(400, 900, 500).astype(float)
    percent = spoiled(np.round(100 * won / played, 1), 0.1, rng)
    assert told(sampled(won=won, played=played, percent=percent)) == ["percent = 100 × won / played"]


def test_the_sum_of_a_run_of_columns(rng):
    parts = {f"month_{at}": rng.integers(0, 900, 300).astype(float) for at in range(12)}
    year = spoiled(sum(parts.values()), 0.2, rng)
    (equation,) = equations_of(sampled(**parts, year=year))
    assert equation.target.column == "year"
    assert {term.column for term in equation.terms} == set(parts)
    assert {term.factor for term in equation.terms} == {1.0}


def test_a_copy_in_another_unit_and_a_rounded_copy(rng):
    celsius = np.round(rng.normal(12, 9, 400), 1)
    state = sampled(celsius=celsius, fahrenheit=np.round(celsius * 1.8 + 32, 1), whole=np.round(celsius + 0.01))
    assert told(state) == ["fahrenheit = 32 + 1.8 × celsius", "whole = celsius"]
    assert derived_columns(state) == {"fahrenheit", "whole"}


def test_days_between_dates_and_the_year_of_a_date(rng):
    start = np.datetime64("2015-01-01") + rng.integers(0, 3000, 300)
    stay = rng.integers(1, 60, 300)
    state = sampled(start=start, end=start + stay, stay=spoiled(stay.astype(float), 0.1, rng),
                    year=start.astype("datetime64[Y]").astype(int) + 1970.0)  # fmt: skip
    assert set(told(state)) == {"stay = end - start", "year = year of start"}


def test_correlation_few_values_and_zeros_are_no_equations(rng):
    size = rng.normal(50, 9, 700)
    close = {"size": np.round(size), "weight": np.round(size + rng.normal(0, 1, 700)),
             "length": np.round(2 * size + rng.normal(0, 1, 700))}  # fmt: skip
    assert told(sampled(**close)) == []
    yes = (rng.random(700) < 0.5).astype(float)
    often = np.where(rng.random(700) < 0.9, yes, 1 - yes)
    assert told(sampled(yes=yes, often=often, third=(rng.random(700) < 0.4).astype(float))) == []
    rare = {name: np.where(rng.random(700) < 0.01, rng.integers(1, 9, 700), 0).astype(float) for name in "abcd"}
    assert told(sampled(**rare)) == []


def test_noise_of_many_columns_gives_no_equation(rng):
    columns = {f"x{at}": rng.integers(0, 30, 200).astype(float) for at in range(40)}
    assert told(sampled(**columns)) == []


def test_what_holds_for_one_source_only_is_no_equation_of_the_table(rng):
    price = np.round(rng.gamma(4, 20, 800), 2)
    shop = np.array(["north", "south", "east", "west"])[rng.integers(0, 4, 800)]
    paid = np.where(shop == "east", np.round(price * rng.uniform(0.8, 0.95, 800), 2), price)
    assert told(sampled(shop=shop, price=price, paid=paid)) == []
    assert told(sampled(shop=shop, price=price, paid=spoiled(price, 0.25, rng))) == ["price = paid"]


def test_a_blank_is_not_judged(rng):
    a, b = rng.integers(1, 90, 200).astype(float), rng.integers(1, 90, 200).astype(float)
    total = a + b
    total[3] = np.nan
    state = sampled(a=a, b=b, total=total)
    equation = equations_of(state)[0]
    assert not equation.judged(state.block)[state.block.rows == 3]
    assert not equation.holds(state.block)[state.block.rows == 3]
    assert equation.holds(state.block).sum() == 199


def test_a_column_of_one_number_with_errors_is_no_term(rng):
    area = np.round(rng.gamma(3, 50, 300), 2)
    year = np.where(rng.random(300) < 0.2, rng.integers(1100, 3000, 300), 2018).astype(float)
    assert told(sampled(area=area, year=year, size=np.round(area * 2018 / 10, 1))) == ["size = 201.8 × area"]
