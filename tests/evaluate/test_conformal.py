import numpy as np
import pytest

from karat.evaluate.conformal import reach_of


def errors(n=4_000, seed=0):
    """Errors grow with the steps ahead and with how restless the series was."""
    random = np.random.default_rng(seed)
    steps, scale = random.integers(1, 4, n), random.uniform(1, 5, n)
    return random.standard_t(4, n) * steps * scale, steps, scale


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_it_holds_the_share_it_promises_at_every_step_and_scale(level):
    reach = reach_of(*errors(), horizon=3, level=level)
    off, steps, scale = errors(seed=1)
    held = np.abs(off) <= reach.half(steps, scale)
    for mask in (steps == 1, steps == 3, scale > 4):
        assert held[mask].mean() == pytest.approx(level, abs=0.06)


def test_steps_between_lie_between_and_widths_never_fall():
    off, steps, scale = errors()
    off = np.where(steps == 3, 0.0, off)
    kept = steps != 2
    reach = reach_of(off[kept], steps[kept], scale[kept], horizon=3)
    assert reach.widths[0] == reach.widths[1] == reach.widths[2] > 0
    wide = reach_of(*errors(), horizon=3)
    gap = reach_of(*(one[steps != 2] for one in errors()), horizon=3)
    assert gap.widths[1] == pytest.approx(wide.widths[[0, 2]].mean())
    assert wide.half(np.array([0, 3, 99]), np.full(3, 2.0)).tolist() == (2 * wide.widths[[0, 2, 2]]).tolist()


def test_an_unknown_scale_counts_as_calm_and_few_errors_give_the_widest():
    reach = reach_of(np.array([1.0, -3.0, 2.0]), np.ones(3, int), np.array([1.0, 1.0, np.nan]), horizon=1)
    assert reach.half(np.array([1, 1]), np.array([np.nan, 0.0])).tolist() == [3.0, 3.0]
