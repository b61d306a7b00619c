"""What a forecast came to, in words."""

from collections.abc import Mapping
from typing import Any

from karat.core.words import many


def title(forecast: Mapping[str, Any]) -> str:
    """How far it reaches, and how it did beside what costs nothing."""
    ahead = f"Forecast {many(forecast['horizon'], 'step')} ahead"
    shipped = forecast.get("shipped") or {}
    if shipped.get("MASE") is None:
        return f"{ahead}: the history is too short to measure it"
    return f"{ahead}: MASE {shipped['MASE']:.3f}, {shipped['naive']} {shipped['naive_MASE']:.3f}"


def sentence(forecast: Mapping[str, Any]) -> str:
    """What answers, how its intervals did, and what was wrong with the times."""
    each, panel = forecast["choice"]["each"], forecast["choice"]["panel"]
    count = sum(name == panel for name in each.values())
    many_series = len(each) > 1
    which = f"{panel} answers" if not many_series else f"{panel} answers for {count:,} of {len(each):,} series"
    rest = " and a naive forecast, which errs no more there, for the others" if count < len(each) else ""
    said = f"{forecast['step'].capitalize()}; {which}{rest}{_parts(forecast['choice'].get('usual', {}))}."
    inside = forecast["intervals"][panel]
    if inside["coverage"] is not None:
        said += f" Its {inside['level']:.0%} intervals held {inside['coverage']:.1%} of the values"
        said += f" in {many(forecast['folds'], 'window')} of the past."
    if forecast["known_ahead"]:
        said += f" Known ahead: {', '.join(forecast['known_ahead'])}."
    return " ".join([said, *(f"{line}." for line in forecast["told"])])


def _parts(weights: Mapping[str, float]) -> str:
    """What a combination is made of, the heaviest first."""
    if len(weights) < 2:
        return ""
    parts = sorted(weights.items(), key=lambda part: -part[1])
    return ", made of " + ", ".join(f"{name} ({weight:.0%})" for name, weight in parts)
