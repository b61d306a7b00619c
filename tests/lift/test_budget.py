"""A proof cut to fit a time: less of everything, and said."""

import pytest

from karat.core.errors import OptionError
from karat.lift.budget import estimated_seconds, said, seconds_after, seconds_for_proof, seconds_of, within
from karat.lift.design import Design
from tests.lift._planted import records

BLOCK, _ = records(300)


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("5m", 300), ("1h", 3600), (" 2.5 M ", 150), ("45", 45)])
def test_times_as_users_write_them(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "5 days", "-3m", "0s", "m"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(OptionError):
        seconds_of(text)


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


def test_the_proof_gets_what_the_rest_of_a_run_leaves() -> None:
    assert 0 < seconds_after(BLOCK) < 5
    assert 50 < seconds_for_proof(BLOCK, 60) < 58
    assert seconds_for_proof(BLOCK, 1) == 0
