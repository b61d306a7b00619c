import numpy as np
import pytest

from karat.quality.accuracy.out_of_range import OutOfRange


def test_negative_where_zero_is_an_end(judge):
    a = [f"{x:.2f}" for x in np.random.default_rng(0).exponential(40, 1000)]
    a[9] = "-35.00"
    assert set(judge(OutOfRange(), {"a": a})) == {(9, "a")}


def test_a_tail_that_thins_out_across_zero_is_no_limit(judge):
    chance = np.random.default_rng(0)
    assert not judge(OutOfRange(), {"t": [f"{x:.1f}" for x in chance.normal(22, 8, 3000)]})


@pytest.mark.parametrize(("end", "beyond"), [(100, "130"), (1, "1.4"), (10, "12")])
def test_beyond_the_end_of_a_scale(judge, end, beyond):
    chance = np.random.default_rng(0)
    a = [f"{min(x, 1) * end:.{0 if end == 100 else 2}f}" for x in chance.uniform(0, 1.1, 1000)]
    a[9] = beyond
    assert set(judge(OutOfRange(), {"a": a})) == {(9, "a")}


def test_off_a_short_scale_of_marks(judge):
    a = [str(x) for x in np.random.default_rng(0).integers(1, 6, 800)]
    a[9], a[10] = "35", "6"
    assert set(judge(OutOfRange(), {"a": a})) == {(9, "a")}


def test_no_multiple_of_the_column_step(judge):
    a = [str(1000 * x) for x in np.random.default_rng(0).integers(10, 900, 2000)]
    a[9] = "360"
    assert set(judge(OutOfRange(), {"a": a})) == {(9, "a")}


def test_counts_that_grow_rare_have_no_end(judge, sure):
    chance = np.random.default_rng(3)
    injured = [str(x) for x in chance.poisson(0.4, 800)]
    injured[5], injured[6] = "124", "28"
    some = [str(x) for x in (chance.random(800) < 0.05).astype(int)]
    some[9] = "2"
    assert not sure(judge(OutOfRange(), {"injured": injured, "ties": some}))
