"""Rules decided from statistics: measured, compared with their limits, the first that is broken is named."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from karat.core.errors import OptionError
from karat.core.finding import Dimension
from karat.quality.text_rules import CHINESE, EMPTY, LATIN, OTHER, SPACED, TextRule, decided, numbers_of, scripts

MOST = TextRule("most", "t", Dimension.ACCURACY, ("hashes", "ellipses"), "words", None, 0.5, "paper", 0.5, "too many")
LEAST = TextRule("least", "t", Dimension.ACCURACY, ("words",), "", 3, None, "paper", 3, "too few")


def table(**columns):
    return pa.table({name: pa.array(values, pa.int32()) for name, values in columns.items()})


def numbers(**columns):
    return numbers_of(table(**columns))


def test_a_share_of_sums_and_nothing_to_divide_by():
    value = MOST.measure(numbers(hashes=[1, 0, 5], ellipses=[1, 1, 0], words=[4, 2, 0]))
    np.testing.assert_array_equal(value, [0.5, 0.5, np.nan])
    assert MOST.breaks(value).tolist() == [False, False, False], "a share of nothing breaks no rule"


def test_a_text_at_the_limit_stays():
    assert MOST.breaks(np.array([0.49, 0.5, 0.51])).tolist() == [False, False, True]
    assert LEAST.breaks(np.array([2.0, 3.0, 4.0])).tolist() == [True, False, False]


def test_a_limit_can_be_drawn_elsewhere():
    assert (MOST.limit, LEAST.limit, replace(MOST, high=None).limit) == (0.5, 3, 0)
    assert (MOST.with_limit(0.2).high, MOST.with_limit(0.2).low) == (0.2, None)
    assert (LEAST.with_limit(9).low, LEAST.with_limit(9).high) == (9, None)
    assert LEAST.with_limit(0).breaks(np.array([0.0])).tolist() == [False]


def test_a_count_below_two_makes_a_repetition_nothing():
    rule = replace(LEAST, repeated="repeats")
    assert rule.measure(numbers(words=[7, 7, 7], repeats=[1, 2, 3])).tolist() == [0, 7, 7]


def test_only_texts_of_some_size_are_asked():
    rule = replace(LEAST, size="lines", least_size=5)
    np.testing.assert_array_equal(rule.measure(numbers(words=[1, 1], lines=[4, 5])), [np.nan, 1])


LETTERS = {"letters": [10, 10, 10, 10, 10, 0], "han": [2, 2, 0, 0, 0, 0], "kana": [1, 0, 0, 0, 0, 0], "latin": [7, 8, 5, 4, 0, 0]}  # fmt: skip


def test_scripts_by_their_share_of_the_letters():
    assert scripts(numbers(**LETTERS)).tolist() == [CHINESE, LATIN, LATIN, OTHER, OTHER, LATIN]


@pytest.mark.parametrize(
    ("script", "asked"),
    [("any", [0, 1, 2, 3, 4, 5]), (LATIN, [1, 2, 5]), (SPACED, [1, 2, 3, 4, 5]), (CHINESE, [0])],
)
def test_a_rule_is_asked_of_its_scripts(script, asked):
    value = replace(LEAST, script=script).measure(numbers(words=[1] * 6, **LETTERS))
    assert np.flatnonzero(np.isfinite(value)).tolist() == asked


SCORES = table(hashes=[0, 9, 0, 9], ellipses=[0, 0, 0, 0], words=[9, 9, 2, 2])


def test_the_first_rule_that_is_broken_is_named_and_all_are_listed():
    decision = decided(SCORES, [MOST, LEAST])
    assert decision.keep.tolist() == [True, False, False, False]
    assert decision.check.to_pylist() == [None, "most", "least", "most"]
    np.testing.assert_array_equal(decision.measure, [np.nan, 1, 2, 4.5])
    np.testing.assert_array_equal(decision.limit, [np.nan, 0.5, 3, 0.5])
    assert {code: rows.tolist() for code, rows in decision.failing.items()} == {"most": [1, 3], "least": [2, 3]}
    assert decided(SCORES, [LEAST, MOST]).check.to_pylist() == [None, "most", "least", "least"]
    assert list(decided(SCORES, [LEAST, MOST]).failing) == ["least", "most"]


def test_a_decision_as_columns_has_no_measure_of_what_is_kept():
    assert decided(SCORES, [MOST]).table().to_pylist() == [
        {"keep": True, "check": None, "measure": None, "limit": None},
        {"keep": False, "check": "most", "measure": 1.0, "limit": 0.5},
        {"keep": True, "check": None, "measure": None, "limit": None},
        {"keep": False, "check": "most", "measure": 4.5, "limit": 0.5},
    ]


def test_wished_limits_replace_the_published_and_unknown_rules_are_errors():
    decision = decided(SCORES, [MOST, LEAST], {"most": 2})
    assert decision.check.to_pylist() == [None, None, "least", "most"]
    assert decision.limit[3] == 2
    with pytest.raises(OptionError, match=r"mots.*most"):
        decided(SCORES, [MOST, LEAST], {"mots": 2})


def test_without_rules_all_is_kept():
    decision = decided(SCORES, [])
    assert decision.keep.all()
    assert decision.check.null_count == 4
    assert decision.failing == {}


def test_a_text_of_white_space_alone_is_empty():
    assert decided(table(spaced_words=[0, 1]), [EMPTY]).keep.tolist() == [False, True]
