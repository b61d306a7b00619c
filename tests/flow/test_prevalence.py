"""The share of wrong cells behind flags that miss some and hit right ones."""

import numpy as np
import pytest

from karat.flow.prevalence import Flags, wrong_share


def thought(flagged, shown, cells=1000.0):
    k = len(flagged)
    flags = Flags(np.full(k, cells), np.array(flagged, float), np.array(shown, float), np.ones(k))
    return wrong_share(flags, round(k * cells))


def test_flags_are_divided_by_the_share_that_shows():
    share, low, high = thought([100] * 6, [0.5] * 6)
    assert share == pytest.approx(0.2, abs=0.05)
    assert low < 0.2 < high


def test_columns_in_which_errors_would_show_and_none_do_are_clean():
    share, low, high = thought([0] * 6, [0.6] * 6)
    assert share < 0.01
    assert low == 0
    assert high < 0.07


def test_other_columns_speak_for_those_where_nothing_shows():
    share, _, high = thought([100, 100, 100, 0], [0.5, 0.5, 0.5, 0.0])
    alone, _, narrow = thought([100, 100, 100, 0], [0.5, 0.5, 0.5, 0.6])
    assert share > alone + 0.02
    assert high > narrow


def test_what_shows_nothing_leaves_a_wide_interval():
    _, low, high = thought([0] * 4, [0.0] * 4)
    assert low == 0
    assert high > 0.1


def test_a_few_right_cells_beyond_the_fences_of_one_column_are_no_error():
    share, low, _ = thought([20, 0, 0, 0, 0], [0.5] * 5)
    assert share < 0.02
    assert low < 0.001
