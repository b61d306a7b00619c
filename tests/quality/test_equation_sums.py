"""Equations between three columns and more, each search by itself."""

import numpy as np
import pytest

from karat.quality import equation_sums
from karat.quality.equation_sums import products, runs, sums, triples
from tests.quality._equations import columns_from, in_words


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def ints(rng, count=300, high=900):
    return rng.integers(1, high, count).astype(float)


def test_sums_and_differences_of_two_with_a_constant(rng):
    a, b = ints(rng), ints(rng)
    assert in_words(triples(columns_from(a=a, b=b, c=a + b))) == ["c = a + b"]
    assert in_words(triples(columns_from(c=a + b, a=a, b=b))) == ["c = a + b"]
    assert in_words(triples(columns_from(a=a, b=b, c=a - b + 17))) == ["a = -17 + b + c"]
    assert in_words(triples(columns_from(a=a, b=b, c=1000 - a - b))) == ["c = 1000 - a - b"]


def test_three_columns_without_a_sum(rng):
    a, b = ints(rng), ints(rng)
    assert triples(columns_from(a=a, b=b, c=rng.permutation(a + b))) == []
    assert triples(columns_from(a=a, b=b)) == []
    two_values = rng.integers(0, 2, 300).astype(float)
    assert triples(columns_from(a=two_values, b=b, c=two_values + b)) == []


def test_among_many_columns_only_neighbours_are_looked_at(rng, monkeypatch):
    monkeypatch.setattr(equation_sums, "MOST_COLUMNS", 3)
    monkeypatch.setattr(equation_sums, "NEIGHBOURS", 2)
    a, b, x, y = (ints(rng) for _ in range(4))
    assert in_words(triples(columns_from(a=a, b=b, c=a + b, x=x))) == ["c = a + b"]
    assert triples(columns_from(a=a, b=b, x=x, c=a + b, y=y)) == []


@pytest.mark.parametrize(
    ("made_of", "words"),
    [
        (lambda a, b: a * b, "c = a × b"),
        (lambda a, b: 12 * a * b, "c = 12 × a × b"),
        (lambda a, b: a * b**2, "c = a × b^2"),
        (lambda a, b: 0.5 * a * b, "c = 0.5 × a × b"),
    ],
)
def test_products_with_a_constant_and_a_square(rng, made_of, words):
    a, b = ints(rng), ints(rng, high=90)
    assert in_words(products(columns_from(a=a, b=b, c=made_of(a, b)))) == [words]


def test_ratios(rng):
    a, b = ints(rng, high=99_999), ints(rng, high=90)
    assert in_words(products(columns_from(a=a, b=b, c=np.round(a / b, 5)))) == ["c = a / b"]


def test_products_need_several_numbers_above_zero(rng):
    a = rng.choice([101.0, 202, 303, 404], 300)  # four of them agree with anything
    b = ints(rng)
    assert products(columns_from(a=a, b=b, c=a * b)) == []
    a = rng.choice([101.0, 202, 303, 404, 505], 300)
    assert in_words(products(columns_from(a=a, b=b, c=a * b))) == ["c = a × b"]
    assert products(columns_from(a=ints(rng), b=b, c=ints(rng))) == []


def test_a_run_of_neighbours_adds_up_to_a_column_or_a_number(rng):
    parts = {f"p{at}": ints(rng) for at in range(4)}
    (equation,) = runs(columns_from(**parts, total=sum(parts.values())))
    assert str(equation) == "total = p0 + p1 + p2 + p3"
    shares = dict(list(parts.items())[:3])
    (equation,) = runs(columns_from(**shares, rest=100 - sum(shares.values())))
    assert equation.constant == 100
    assert set(equation.columns) == {*shares, "rest"}


def test_two_columns_are_no_run_and_a_hole_breaks_it(rng):
    a, b, c, x = (ints(rng) for _ in range(4))
    assert runs(columns_from(a=a, b=b, total=a + b)) == []
    assert runs(columns_from(a=a, x=x, b=b, c=c, total=a + b + c)) == []


def test_signs_of_several_columns_by_least_deviations(rng):
    a, b, c, x = (ints(rng) for _ in range(4))
    net = a - b + c + 5
    net[::10] = ints(rng, 30)  # a tenth is dirt
    words = in_words(sums(columns_from(a=a, x=x, b=b, c=c, net=net), set()))
    assert "net = 5 + a - b + c" in words
    assert not any("x" in text for text in words)


def test_columns_that_are_known_or_hardly_filled_are_left_out_of_sums(rng):
    a, b, c = ints(rng), ints(rng), ints(rng)
    columns = columns_from(a=a, b=b, c=c, net=a + b + c)
    assert sums(columns, {"net"}) == []
    assert sums(columns, {"a", "b"}) == []
    hardly = np.where(rng.random(300) < 0.15, np.nan, a)
    assert sums(columns_from(a=hardly, b=b, c=c, net=a + b + c), set()) == []


def test_too_few_whole_records_or_too_many_columns_are_not_fitted(rng, monkeypatch):
    a, b, c = ints(rng, 20), ints(rng, 20), ints(rng, 20)
    assert sums(columns_from(a=a, b=b, c=c, net=a + b + c), set()) != []
    monkeypatch.setattr(equation_sums, "MOST_IN_SUM", 3)
    assert sums(columns_from(a=a, b=b, c=c, net=a + b + c), set()) == []
