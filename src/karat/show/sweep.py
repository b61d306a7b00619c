"""A small picture of a sweep: tokens kept, and how good they are, over the limit."""

from collections.abc import Sequence
from typing import Any

from markupsafe import escape

WIDTH, HEIGHT, EDGE = 420, 180, 34


def picture(rule: str, points: Sequence[Any]) -> str:
    """An SVG of its own; limits are spaced evenly, in their order."""
    most = max((point.tokens for point in points), default=1) or 1
    step = (WIDTH - 2 * EDGE) / max(1, len(points) - 1)
    inner = HEIGHT - 2 * EDGE
    across = [EDGE + at * step for at in range(len(points))]
    kept = _line(across, [point.tokens / most for point in points], inner)
    good = _line(across, [point.quality for point in points], inner)
    marks = "".join(
        f'<line x1="{x:.1f}" y1="{EDGE}" x2="{x:.1f}" y2="{HEIGHT - EDGE}" stroke="#999" stroke-dasharray="3 3"/>'
        for x, point in zip(across, points, strict=True)
        if point.now
    )
    ends = (points[0].limit, points[-1].limit) if points else (0.0, 0.0)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="11">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/><text x="{EDGE}" y="16">{escape(rule)}: tokens kept '
        '<tspan fill="#2563eb">of the most</tspan>, '
        '<tspan fill="#b45309">share that passes the other rules</tspan></text>'
        f'{marks}<polyline fill="none" stroke="#2563eb" stroke-width="2" points="{kept}"/>'
        f'<polyline fill="none" stroke="#b45309" stroke-width="2" points="{good}"/>'
        f'<text x="{EDGE}" y="{HEIGHT - 10}">{ends[0]:g}</text>'
        f'<text x="{WIDTH - EDGE}" y="{HEIGHT - 10}" text-anchor="end">{ends[1]:g}</text>'
        f'<text x="{EDGE - 4}" y="{EDGE + 4}" text-anchor="end">1</text>'
        f'<text x="{EDGE - 4}" y="{HEIGHT - EDGE + 4}" text-anchor="end">0</text></svg>\n'
    )


def _line(across: Sequence[float], shares: Sequence[float], inner: float) -> str:
    return " ".join(f"{x:.1f},{EDGE + inner * (1 - share):.1f}" for x, share in zip(across, shares, strict=True))
