"""Small charts as HTML and SVG whose colours follow the reader's light or dark page; no script, no library."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from karat.show.language import plain

BINS = 28  # display: bars
HEIGHT, WIDTH = 34, 168


def place(value: float, low: float, high: float) -> float:
    """Where a value lies between two ends, in percent, kept inside."""
    return round(100 * min(1.0, max(0.0, (value - low) / (high - low or 1))), 2)


def span(rows: Sequence[Mapping[str, Any]], *, around_zero: bool = True) -> tuple[float, float]:
    """Ends of an axis that shows every interval, and zero."""
    ends = [row[key] for row in rows for key in ("low", "high", "value") if row.get(key) is not None]
    ends += [0.0] if around_zero else []
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    room = 0.08 * ((high - low) or 1)
    return low - room, high + room


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers inside an axis."""
    raw = (high - low) / wanted
    unit = 10.0 ** np.floor(np.log10(raw)) if raw > 0 else 1.0
    step = next((m * unit for m in (1, 2, 2.5, 5, 10) if m * unit >= raw), 10 * unit)
    first = np.ceil(low / step)
    return [round(float(k * step), 10) + 0.0 for k in np.arange(first, np.floor(high / step) + 1)]


def tick_text(value: float) -> str:
    """A tick's number, as short as it can be."""
    return f"{value:+g}".replace("-", "−") if value else "0"


def intervals(rows: Sequence[Mapping[str, Any]], *, unseen: float = 0.0) -> dict[str, Any]:
    """Rows of ``label``, ``value``, ``low``, ``high``, ``tone`` placed on one axis with zero on it.

    Parameters
    ----------
    unseen : float
        The smallest effect the comparison could have seen; drawn as a band around zero.
    """
    low, high = span([*rows, {"low": -unseen / 2, "high": unseen / 2}] if unseen else rows)
    placed = []
    for row in rows:
        ends = (
            row["low"] if row["low"] is not None else row["value"],
            row["high"] if row["high"] is not None else row["value"],
        )
        left, right = place(ends[0], low, high), place(ends[1], low, high)
        placed.append(dict(row) | {"left": left, "width": round(right - left, 2), "at": place(row["value"], low, high)})
    band = (place(-unseen, low, high), place(unseen, low, high))
    return {
        "rows": placed,
        "zero": place(0, low, high),
        "band": (band[0], round(band[1] - band[0], 2)) if unseen else None,
        "ticks": [(place(t, low, high), tick_text(t)) for t in ticks(low, high)],
    }


def histogram(values: np.ndarray, marked: np.ndarray, earlier: np.ndarray | None = None) -> Markup:
    """A column's numbers as bars; marked values as ticks below, those beyond the axis at its ends.

    Parameters
    ----------
    values, marked : ndarray of float64
        Finite numbers.
    earlier : ndarray of float64, optional
        The same column before it was changed, drawn behind.
    """
    if len(values) == 0:
        return Markup("")
    low, high = (float(v) for v in np.percentile(values, [0.5, 99.5]))
    if low == high:
        low, high = low - 0.5, high + 0.5
    sets = [(values, "bars")] if earlier is None else [(earlier, "earlier"), (values, "bars")]
    counted = [np.histogram(np.clip(numbers, low, high), bins=BINS, range=(low, high))[0] for numbers, _ in sets]
    tallest = max(counts.max() for counts in counted)
    groups = Markup("").join(
        Markup('<g class="{}">{}</g>').format(name, _bars(counts, tallest))
        for counts, (_, name) in zip(counted, sets, strict=True)
    )
    at = np.unique(np.round((np.clip(marked, low, high) - low) / (high - low) * (WIDTH - 2) + 1, 0))[:80]
    points = Markup("").join(Markup('<circle cx="{:.0f}" cy="{}" r="1.7"/>').format(x, HEIGHT - 2) for x in at)
    label = plain("Histogram from {low} to {high}", low=f"{low:.4g}", high=f"{high:.4g}")
    return Markup(
        '<svg class="hist" viewBox="0 0 {} {}" role="img" aria-label="{}">{}<g class="marks">{}</g></svg>'
    ).format(WIDTH, HEIGHT, label, groups, points)


def _bars(counts: np.ndarray, tallest: int) -> Markup:
    wide = WIDTH / BINS
    return Markup("").join(
        Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
            k * wide + 0.5, HEIGHT - 5 - max(tall, 0.8), wide - 1, max(tall, 0.8)
        )
        for k, tall in enumerate(counts / tallest * (HEIGHT - 6))
        if counts[k]
    )


def calibration(points: Sequence[tuple[float, float]]) -> Markup:
    """Predicted against observed shares, with the diagonal that a well-calibrated model follows."""
    side, edge = 220, 26
    inner = side - 2 * edge
    dots = [(edge + p * inner, side - edge - o * inner) for p, o in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
    circles = Markup("").join(Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3"/>').format(x, y) for x, y in dots)
    words = ("Calibration", "predicted", "observed")
    return Markup(
        '<svg class="cal" viewBox="0 0 {0} {0}" role="img" aria-label="{8}">'
        '<rect x="{1}" y="{1}" width="{2}" height="{2}"/>'
        '<line x1="{1}" y1="{3}" x2="{3}" y2="{1}"/><polyline points="{4}"/>{5}'
        '<text x="{6}" y="{7}" text-anchor="middle">{9}</text>'
        '<text x="10" y="{6}" text-anchor="middle" transform="rotate(-90 10 {6})">{10}</text></svg>'
    ).format(side, edge, inner, side - edge, path, circles, side // 2, side - 8, *map(plain, words))
