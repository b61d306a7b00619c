"""The proof's charts: what each family added, what a defect costs, how the score grows with records."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from karat.core.registry import as_metric, is_error
from karat.show.charts import place, span, tick_text, ticks
from karat.show.language import plain, title_of

WIDTH, HEIGHT = 300, 170
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 12, 30
FAMILIES_SHOWN = 8  # display: those of the largest effects
SHARES = {"0.25": 0.25, "0.5": 0.5}


def waterfall(lift: Mapping[str, Any]) -> dict[str, Any] | None:
    """From the raw score, family by family, to the refined one; each bar begins where the one before ended."""
    contributions = [family for family in lift.get("contributions") or () if family["lift"]]
    by = lift.get("contributions_by") or {}
    if not contributions or not (by or "value" in lift.get("raw", {})):
        return None
    shown = sorted(contributions, key=lambda family: -abs(family["lift"]))[:FAMILIES_SHOWN]
    rest = sum(family["lift"] for family in contributions) - sum(family["lift"] for family in shown)
    ordered = sorted(shown, key=lambda family: -family["lift"])
    steps = [(title_of(family["family"]), family.get("verdict", ""), family["lift"]) for family in ordered]
    steps += [(plain("Others"), "", rest)] if len(contributions) > len(shown) else []
    start = float(by["raw"] if by else lift["raw"]["value"])
    ends = [start, *(start + v for v in np.cumsum([value for _, _, value in steps]))]
    # As wide as what could have been seen, so that what may be chance looks small.
    unseen = max(float(lift.get("minimal_detectable_effect") or 0.0), (by["high"] - by["low"]) / 2 if by else 0.0)
    low, high = span([{"value": v} for v in (*ends, start - unseen, start + unseen)], around_zero=False)
    refined = float(by["refined"] if by else lift["refined"]["value"])
    rows = [_bar(plain("Raw"), "rest", (low, start), (low, high), value=start, whole=True)]
    for (label, verdict, value), *between in zip(steps, ends, ends[1:], strict=False):
        tone = {"keep": "good", "harm": "bad"}.get(verdict, "even")
        rows.append(_bar(label, tone, between, (low, high), value=value, about=plain(verdict)))
    rows.append(_bar(plain("Cleaned"), "lift", (low, refined), (low, high), value=refined, whole=True))
    metric = str(lift.get("metric", ""))
    return {
        "rows": [as_metric(row, metric, "value") if row["whole"] else row for row in rows],
        "learner": by.get("learner", ""),
        "ticks": [(place(t, low, high), f"{abs(t) if is_error(metric) else t:g}") for t in ticks(low, high)],
    }


def _bar(
    label: str,
    tone: str,
    ends: Sequence[float],
    axis: tuple[float, float],
    *,
    value: float,
    about: str = "",
    whole: bool = False,
) -> dict[str, Any]:
    """A bar from one end to the other; ``whole`` where it is a level, not a step."""
    left, right = sorted(place(end, *axis) for end in ends)
    drawn = {"left": left, "width": max(0.4, round(right - left, 2))}
    return {"label": label, "about": about, "tone": tone, "value": value, "whole": whole} | drawn


def doses(defects: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One small chart a defect, all with the same axis, the costliest first."""
    if not defects:
        return []
    low, high = span([{"value": v} for defect in defects for v in defect["lift"]])
    ordered = sorted(defects, key=lambda defect: defect["per_percent"])
    return [
        {
            "name": defect["defect"],
            "cost": defect["per_percent"],
            "low": defect["low"],
            "high": defect["high"],
            "clear": defect["high"] < 0 or defect["low"] > 0,
            "svg": _lines(
                [100 * d for d in defect["doses"]],
                list(defect["lift"]),
                (low, high),
                [(0, "0 %"), (20, "20 %"), (40, "40 %")],
                plain("Change of the score with {defect}", defect=plain(defect["defect"])),
            ),
        }
        for defect in ordered
    ]


def learning(lift: Mapping[str, Any]) -> dict[str, Any] | None:
    """The score with a quarter, half and all of the records, and what twice as many are expected to bring."""
    looks = [fold["looks"]["refined"] for fold in lift.get("folds") or () if "looks" in fold]
    looks = [look for look in looks if look.get("curve")]
    expected = next((step for step in lift.get("next") or () if step.get("kind") == "collect"), None)
    if not looks or expected is None:
        return None
    turn = -1 if is_error(str(lift.get("metric", ""))) else 1
    known = [turn * float(np.mean([look["curve"][share] for look in looks])) for share in SHARES]
    known.append(turn * float(np.mean([look["sets"]["raw"] for look in looks])))
    ends = [known[-1] + turn * expected[key] for key in ("lift", "low", "high")]
    axis = span([{"value": v} for v in (*known, *ends)], around_zero=False)
    marks = [(0, "¼"), (1, "½"), (2, plain("all")), (3, plain("twice"))]
    return {
        "svg": _lines([0, 1, 2], known, axis, marks, plain("Score by number of records"), forecast=(3, *ends)),
        "lift": expected["lift"],
        "low": expected["low"],
        "high": expected["high"],
    }


def _lines(
    xs: Sequence[float],
    ys: Sequence[float],
    axis: tuple[float, float],
    marks: Sequence[tuple[float, str]],
    label: str,
    forecast: tuple[float, float, float, float] | None = None,
) -> Markup:
    last = marks[-1][0]

    def at(x: float, y: float) -> tuple[float, float]:
        wide, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return LEFT + wide * x / last, TOP + tall * (1 - place(y, *axis) / 100)

    grid = Markup("").join(
        Markup(
            '<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/><text x="{}" y="{:.1f}" class="y">{}</text>'
        ).format(
            LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 3.5, tick_text(value) if axis[0] <= 0 <= axis[1] else f"{value:g}"
        )
        for value in ticks(*axis, wanted=4)
        for y in [at(0, value)[1]]
    )
    under = Markup("").join(
        Markup('<text x="{:.1f}" y="{}" class="x">{}</text>').format(at(x, axis[0])[0], HEIGHT - 9, text)
        for x, text in marks
    )
    points = [at(x, y) for x, y in zip(xs, ys, strict=True)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = Markup("").join(Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3.5"/>').format(x, y) for x, y in points)
    ahead = _ahead(points[-1], at, forecast) if forecast else Markup("")
    return Markup(
        '<svg class="lines" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}<polyline points="{}"/>{}</svg>'
    ).format(WIDTH, HEIGHT, label, grid, under, ahead, path, dots)


def _ahead(start: tuple[float, float], at: Any, forecast: tuple[float, float, float, float]) -> Markup:
    """The forecast: a dashed line to it, and its interval as a bar."""
    x, value, low, high = forecast
    end, bottom, top = at(x, value), at(x, low), at(x, high)
    return Markup(
        '<line class="ahead" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>'
        '<line class="reach" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>'
        '<circle class="told" cx="{:.1f}" cy="{:.1f}" r="4"/>'
    ).format(*start, *end, *bottom, *top, *end)
