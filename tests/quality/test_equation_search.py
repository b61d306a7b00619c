"""The equations of a table: each says something that those before it do not."""

import numpy as np
import pytest

from karat.quality.equation_search import search
from tests.quality._equations import block_of, in_words


@pytest.fixture
def rng():
    return np.random.default_rng(9)


def search_in(**columns):
    block = block_of(**columns)
    return in_words(search(block, block.schema))


def ints(rng, count=400, high=900):
    return rng.integers(1, high, count).astype(float)


def test_fewer_than_two_columns_of_numbers_have_no_equation(rng):
    assert search_in(a=ints(rng)) == search_in(a=ints(rng), word=np.array(["x", "y"] * 200)) == []


def test_what_follows_from_others_is_not_said_again(rng):
    a, b, d = ints(rng), ints(rng), ints(rng)
    assert set(search_in(a=a, b=b, c=a + b, d=d, e=a + b + d)) == {"c = a + b", "e = c + d"}


def test_a_copy_stands_for_its_source_in_all_others(rng):
    a, b = ints(rng), ints(rng)
    assert search_in(a=a, b=b, c=a + b, again=a + b) == ["again = c", "c = a + b"]


def test_sums_and_products_stand_beside_each_other(rng):
    a, b = ints(rng), ints(rng)
    assert set(search_in(a=a, b=b, total=a + b, product=a * b)) == {"total = a + b", "product = a × b"}


def test_the_surest_comes_first(rng):
    a, b, x = ints(rng), ints(rng), ints(rng)
    dirty = np.where(rng.random(400) < 0.1, ints(rng), a + b)
    block = block_of(a=a, b=b, dirty=dirty, x=x, double=2 * x)
    equations = search(block, block.schema)
    assert in_words(equations) == ["double = 2 × x", "dirty = a + b"]
    assert equations[0].share > equations[1].share


def test_a_rule_of_one_group_is_none_of_the_table(rng):
    a, b, group = ints(rng, 800), ints(rng, 800), rng.integers(0, 4, 800)
    c = np.where(group == 1, ints(rng, 800), a + b)
    assert search_in(a=a, b=b, c=c) == ["c = a + b"]
    assert search_in(a=a, b=b, c=c, group=group.astype(str)) == []


def test_a_rule_of_small_numbers_of_another_column_is_none_either(rng):
    a, b, size = ints(rng, 800), ints(rng, 800), np.round(rng.uniform(0, 1000, 800), 2)
    c = np.where(size < 250, ints(rng, 800), a + b)
    assert search_in(a=a, b=b, c=c) == ["c = a + b"]
    assert search_in(a=a, b=b, c=c, size=size) == []


def test_no_equation_depends_on_the_order_of_records(rng):
    a, b = ints(rng), ints(rng)
    order = rng.permutation(400)
    assert search_in(a=a[order], b=b[order], c=(a - b)[order]) == search_in(a=a, b=b, c=a - b) == ["a = b + c"]
