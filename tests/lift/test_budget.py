"""A proof cut to fit a time: less of everything, and said."""

from karat.lift.budget import estimated_seconds, said, slowness, within
from karat.lift.design import Design
from tests.lift._planted import records

BLOCK, _ = records(300)


def test_a_wide_budget_changes_nothing() -> None:
    whole = Design.of(BLOCK)
    assert within(whole, BLOCK, 3600) == whole
    assert said(whole, whole, "1h") == ""


def test_the_less_time_the_less_is_fitted() -> None:
    whole = Design.of(BLOCK)
    spent = [estimated_seconds(within(whole, BLOCK, seconds), BLOCK) for seconds in (3600, 30, 10, 4, 1)]
    assert spent == sorted(spent, reverse=True)
    assert spent[-1] < spent[0] / 5
    assert spent[1] <= 30
    assert spent[2] <= 10


def test_what_was_cut_is_said() -> None:
    whole = Design.of(BLOCK)
    words = said(whole, within(whole, BLOCK, 4), "4s")
    assert "budget of 4s" in words
    assert "repeats rather than 5" in words


def test_a_fit_that_takes_longer_than_estimated_is_told() -> None:
    assert slowness(BLOCK, 0.001) == 1
    assert slowness(BLOCK, 8.0) > 50
