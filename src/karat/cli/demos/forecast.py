"""``karat demo forecast``: a made-up city's hourly power load, spoiled, forecast a day ahead."""

import json
from pathlib import Path

import numpy as np

from karat.cli.demo import Spoiled, walk_spoiled
from karat.cli.say import say

HOURS = 2_400  # display: of the demo


def demonstrate(out: Path | None, *, workers: int, quiet: bool) -> None:
    """Walk the hours and print the forecasts beside those that cost nothing."""
    _, home = walk_spoiled("forecast", load(), "load_mw", out, workers=workers, quiet=quiet)
    if not quiet:
        say("\n".join(_report_lines(home)))


def load(size: int = HOURS) -> Spoiled:
    """Load by hour: a day's and a week's rhythm, the weather of the hour before, and noise; defects planted."""
    chance = np.random.default_rng(5)
    at = np.arange(size)
    warmth = 12 + 8 * np.sin(2 * np.pi * (at % 24 - 9) / 24)
    for hour in range(1, size):
        warmth[hour] += 0.9 * (warmth[hour - 1] - 12 - 8 * np.sin(2 * np.pi * ((hour - 1) % 24 - 9) / 24))
        warmth[hour] += chance.normal(0, 0.8)
    cold = np.maximum(0, 16 - np.append(warmth[0], warmth[:-1]))
    rhythm = 60 * np.sin(2 * np.pi * (at % 24 - 7) / 24) - 40 * (at // 24 % 7 >= 5)
    mw = 400 + rhythm + 6 * cold + chance.normal(0, 6, size)
    start = np.datetime64("2024-01-01T00:00:00")
    columns: dict[str, list[str | None]] = {
        "hour": [str(start + np.timedelta64(int(k), "h")) for k in at],
        "temperature": [f"{v:.1f}" for v in warmth],
        "load_mw": [f"{v:.1f}" for v in mw],
    }
    spoiled = Spoiled(columns, chance)
    spoiled.spoil("gap in disguise", "completeness", ["temperature"], lambda _: "-999")
    spoiled.repeat()
    return spoiled


def _report_lines(home: Path) -> list[str]:
    """Every forecast's error."""
    forecast = json.loads((home / "evaluation.json").read_text(encoding="utf-8")).get("forecast")
    if forecast is None:
        return []
    lines = ["", f"Forecast {forecast['horizon']} hours ahead; a season has {forecast['season']} steps"]
    for name, scores in forecast["learners"].items():
        lines.append(f"  {name:<28}MASE {scores['MASE']['value']:.3f} · MAE {scores['MAE']['value']:.2f} MW")
    return lines
