"""The end of a series and what is expected to follow."""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from karat.show.language import plain

WIDTH, HEIGHT, EDGE = 720, 200, 8  # display: user units


def forecast_chart(
    past: Sequence[float | None], value: Sequence[float], low: Sequence[float], high: Sequence[float]
) -> Markup:
    """A line for the past, one for the forecast, and the interval as a band.

    Parameters
    ----------
    past : sequence of float or None
        The last known values; None for gaps.
    value, low, high : sequence of float
        The steps to come.
    """
    known = [number for number in past if number is not None]
    if not known or not len(value):
        return Markup("")
    least, most = min(*known, *low), max(*known, *high)
    size, height = len(past) + len(value) - 1, (most - least) or 1.0

    def point(at: int, number: float) -> str:
        x = EDGE + at / max(size, 1) * (WIDTH - 2 * EDGE)
        return f"{x:.1f},{HEIGHT - EDGE - (number - least) / height * (HEIGHT - 2 * EDGE):.1f}"

    first = len(past)
    line = " ".join(point(at, number) for at, number in enumerate(past) if number is not None)
    ahead = " ".join([point(first - 1, known[-1]), *(point(first + at, number) for at, number in enumerate(value))])
    upper = [point(first + at, number) for at, number in enumerate(high)]
    lower = [point(first + at, number) for at, number in enumerate(low)]
    return Markup(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" style="width:100%;max-height:240px">'
        '<polygon points="{}" fill="currentColor" fill-opacity=".14"/>'
        '<polyline points="{}" fill="none" stroke="currentColor" stroke-opacity=".6" stroke-width="1.3"/>'
        '<polyline points="{}" fill="none" stroke="currentColor" stroke-width="2"/></svg>'
    ).format(
        WIDTH,
        HEIGHT,
        plain(
            "{known} values, from {low} to {high}, and {ahead} steps to come",
            known=len(known),
            low=f"{np.min(known):.4g}",
            high=f"{np.max(known):.4g}",
            ahead=len(value),
        ),
        " ".join([*upper, *reversed(lower)]),
        line,
        ahead,
    )
