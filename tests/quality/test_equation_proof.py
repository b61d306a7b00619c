"""Whether an equation is more than chance: records enough, dirt, few values, rounding, and rules of a part."""

import numpy as np
import pytest

from karat.quality.equation_proof import LEAST, EquationEvidence, confined, proven
from karat.quality.equations import Equation, Term


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def total(step=1.0):
    return Equation(Term("c", 1.0, step), (Term("a", 1.0, step), Term("b", 1.0, step)), 0.0, "sum", rounded=False)


def sums(rng, count, high=1000):
    a, b = rng.integers(1, high, count).astype(float), rng.integers(1, high, count).astype(float)
    return a, b, a + b


def shares(equation):
    return None if equation is None else (equation.share, equation.records, equation.rounded)


def test_an_equation_that_all_records_keep(rng):
    a, b, c = sums(rng, 100)
    assert shares(proven(total(), EquationEvidence(c, [a, b]), 1)) == (1.0, 100, False)


def test_twenty_records_prove_it_and_nineteen_do_not(rng):
    a, b, c = sums(rng, LEAST)
    assert shares(proven(total(), EquationEvidence(c, [a, b]), 1)) == (1.0, 20, False)
    assert proven(total(), EquationEvidence(c[1:], [a[1:], b[1:]]), 1) is None


def test_more_candidates_ask_for_more_evidence(rng):
    a, b, c = sums(rng, LEAST)
    assert proven(total(), EquationEvidence(c, [a, b]), 10**6) is not None
    assert proven(total(), EquationEvidence(c, [a, b]), 1e60) is None


def test_blank_records_are_left_out_of_account(rng):
    a, b, c = sums(rng, 60)
    a[:10], c[5:20] = np.nan, np.nan
    assert shares(proven(total(), EquationEvidence(c, [a, b]), 1)) == (1.0, 40, False)


@pytest.mark.parametrize(("wrong", "known"), [(0, True), (60, True), (66, True), (74, False), (150, False)])
def test_a_third_of_the_records_may_break_it(rng, wrong, known):
    a, b, c = sums(rng, 200)
    c[:wrong] += rng.integers(100, 400, wrong)
    equation = proven(total(), EquationEvidence(c, [a, b]), 1)
    assert (equation is not None) == known
    if known:
        assert equation.share == pytest.approx(1 - wrong / 200)


def test_a_column_of_few_values_must_keep_it_nearly_always(rng):
    a, b, c = sums(rng, 400, high=5)
    assert proven(total(), EquationEvidence(c, [a, b]), 1) is not None
    c[:12] += 1  # three in a hundred
    assert proven(total(), EquationEvidence(c, [a, b]), 1) is None


def test_each_term_must_be_used(rng):
    a, b, c = sums(rng, 100)
    rare = np.zeros(100)
    three = Equation(total().target, (*total().terms, Term("d", 1.0, 1.0)), 0.0, "sum", rounded=False)
    rare[:5] = 50
    assert proven(three, EquationEvidence(c + rare, [a, b, rare]), 1) is None
    rare[5] = 50
    assert proven(three, EquationEvidence(c + rare, [a, b, rare]), 1) is not None


def test_records_of_zeros_prove_nothing(rng):
    a, b, c = sums(rng, 100)
    for column in (a, b, c):
        column[15:] = 0
    assert proven(total(), EquationEvidence(c, [a, b]), 1) is None


def test_a_sum_of_rounded_numbers_holds_up_to_rounding(rng):
    a, b = rng.uniform(1, 1000, 300), rng.uniform(1, 1000, 300)
    evidence = EquationEvidence(np.round(a + b, 1), [np.round(a, 1), np.round(b, 1)])
    equation = proven(total(0.1), evidence, 1)
    assert equation.rounded
    assert equation.share == 1
    noisy = EquationEvidence(np.round(a + b + rng.normal(0, 0.15, 300), 1), evidence.terms)
    assert proven(total(0.1), noisy, 1) is None, "as many miss it narrowly as meet it"


def test_unrelated_columns_prove_nothing(rng):
    a, b, c = sums(rng, 300)
    assert proven(total(), EquationEvidence(rng.permutation(c), [a, b]), 1) is None


def marked(groups):
    """Which records keep an equation, and a code for each: (records, broken ones) by group."""
    kept = np.concatenate([np.arange(records) >= broken for records, broken in groups])
    return kept, np.repeat(np.arange(len(groups)), [records for records, _ in groups])


@pytest.mark.parametrize(
    ("groups", "is_confined"),
    [
        ([(40, 20), (160, 0)], True),
        ([(20, 10), (80, 0)], False),  # too few to say so
        ([(40, 4), (160, 16)], False),
        ([(40, 20), (160, 50)], False),  # most breaks stand elsewhere
        ([(120, 100), (80, 0)], False),  # hardly more often than in the whole table
        ([(120, 115), (80, 0)], True),  # nearly all of the group
        ([(1000, 250), (9000, 0)], False),  # three in four of the group keep it
        ([(1000, 310), (9000, 0)], True),
        ([(50, 0), (50, 0)], False),
    ],
)
def test_an_equation_confined_to_a_part_of_the_table(groups, is_confined):
    kept, codes = marked(groups)
    assert confined(kept, [codes]) == is_confined
    order = np.random.default_rng(1).permutation(len(kept))
    assert confined(kept[order], [np.zeros(len(kept), int), codes[order]]) == is_confined


def test_missing_codes_and_no_marks_confine_nothing():
    kept, codes = marked([(40, 20), (160, 0)])
    assert not confined(kept, [np.where(codes == 0, -1, codes)])
    assert not confined(kept, [])
