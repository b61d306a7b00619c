"""How a run's time is written, and what its stages may use of it."""

from time import perf_counter

import pytest

from karat.core.errors import OptionError
from karat.flow.time_budget import AIM, SHARES, deadline, over, seconds_of


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("5m", 300), ("1h", 3600), (" 2.5 M ", 150), ("45", 45)])
def test_times_as_users_write_them(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "5 days", "-3m", "0s", "m"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(OptionError):
        seconds_of(text)


def test_a_stage_has_a_share_of_what_is_left() -> None:
    now = perf_counter()
    assert deadline("prove", "", now) is None
    assert deadline("prove", "100s", now) == pytest.approx(now + 100 * AIM * SHARES["prove"], abs=1)
    assert deadline("prove", "100s", now - 60) == pytest.approx(now + (100 * AIM - 60) * SHARES["prove"], abs=1)
    assert deadline("prove", "100s", now - 500) == pytest.approx(now, abs=1)


def test_a_budget_is_over_before_its_end_for_the_last_steps_need_time() -> None:
    now = perf_counter()
    assert [over("100s", now - spent) for spent in (0, 80, 90, 200)] == [False, False, True, True]
    assert not over("", now - 1e6)
