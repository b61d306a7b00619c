"""Two runs side by side: quality by dimension, findings by check, the metric of the model."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pyarrow.compute as pc

from karat.core.finding import SURE
from karat.core.registry import as_metric
from karat.show.headline import figures
from karat.show.language import plain, title_of
from karat.show.lines import fitted
from karat.show.run_files import Facts
from karat.show.words import score

NAME, FIGURE = 32, 14  # display: cells of a name and of a figure


def comparison(run: Path, other: Path) -> list[str]:
    """Lines of a table: a name and the figure of either run; "–" where a run has none.

    Parameters
    ----------
    run, other : Path
        Run folders.

    Raises
    ------
    InputError
        One of them is no run folder.
    """
    sides = [_side(Facts.of(folder)) for folder in (run, other)]
    lines = [_line("", run.name, other.name)]
    for part in (plain("Counts"), plain("Quality"), plain("Findings"), plain("The model")):
        left, right = (side.get(part, {}) for side in sides)
        names = list(dict.fromkeys([*left, *right]))
        if names:
            lines += ["", part, *(_line(f"  {name}", left.get(name, "–"), right.get(name, "–")) for name in names)]
    return lines


def _line(name: str, left: str, right: str) -> str:
    return f"{fitted(name, NAME)} {fitted(left, FIGURE)} {right}".rstrip()


def _side(facts: Facts) -> dict[str, Mapping[str, str]]:
    numbers = figures(facts)
    names = {"in": "records", "found": "findings", "cells": "cells fixed", "removed": "removed"}
    names |= {"waiting": "need review"}
    scores = facts.scores.get("after") or facts.scores.get("before") or {}
    return {
        plain("Counts"): {plain(name): f"{numbers[key]:,}" for key, name in names.items()},
        plain("Quality"): {
            plain(name): score(dimension["score"]) for name, dimension in (scores.get("dimensions") or {}).items()
        },
        plain("Findings"): _by_check(facts),
        plain("The model"): _metric(facts),
    }


def _by_check(facts: Facts) -> dict[str, str]:
    """What counts as wrong, the most frequent check first."""
    sure = facts.findings.filter(pc.fill_null(pc.greater_equal(facts.findings["confidence"], SURE), fill_value=False))
    counts = sorted(Counter(sure["check"].to_pylist()).items(), key=lambda pair: (-pair[1], pair[0]))
    return {title_of(check): f"{n:,}" for check, n in counts}


def _metric(facts: Facts) -> dict[str, str]:
    lift = facts.lift
    if "verdict" not in lift or "raw" not in lift:
        return {}
    metric = str(lift.get("metric", "score"))
    arms = (("raw", "{metric}, raw data"), ("refined", "{metric}, cleaned data"))
    return {
        plain(name, metric=metric): score(as_metric(lift[arm], metric, "value")["value"])
        for arm, name in arms
        if arm in lift
    }
