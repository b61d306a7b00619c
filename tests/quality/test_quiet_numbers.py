"""Numbers of which nothing is said: an interval, but for some."""

import math

from karat.quality.quiet_numbers import ALL_QUIET, QuietNumbers, quiet_for_all


def test_an_interval_but_for_some() -> None:
    quiet = QuietNumbers(0, 10, frozenset({7.0}))
    assert [number for number in (-1.0, 0.0, 7.0, 10.0, 10.5, math.nan) if quiet.holds(number)] == [0.0, 10.0]


def test_multiples_of_every_step() -> None:
    quiet = QuietNumbers(steps=frozenset({100.0})).also(QuietNumbers(steps=frozenset({1000.0})))
    assert [number for number in (0.0, 100.0, 2000.0, 2000.5) if quiet.holds(number)] == [0.0, 2000.0]


def test_all_of_them_must_be_quiet() -> None:
    both = quiet_for_all([QuietNumbers(0, 10), ALL_QUIET, QuietNumbers(5, 20, frozenset({6.0}))])
    assert both == QuietNumbers(5, 10, frozenset({6.0}))
    assert quiet_for_all([ALL_QUIET, None]) is None
    assert quiet_for_all([]) == ALL_QUIET
