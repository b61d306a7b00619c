"""From the folds of a proof by ranking to the certificate's figures: users are clusters, and so counted once."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from karat.evaluate.intervals import Interval, holm, minimal_detectable_effect, t_interval
from karat.lift.certificate import Contribution, Gain, Level, family_verdict, verdict_of

Folds = Sequence[dict[str, Any]]
MARK = "users"  # what a fold of a ranking has and others have not
ARMS = ("raw", "plain", "refined")


def is_ranking(folds: Folds) -> bool:
    """Do the folds come from a proof by ranking?"""
    return bool(folds) and MARK in folds[0]


def figures(folds: Folds) -> dict[str, Any]:
    """All of the certificate that follows from its folds.

    Every mean is over users and splits together. Its error is that of clusters of users, who come back in every split;
    a difference carries the wobble of the fits on top: how far the score moves when a few events are left out at
    random. Source: Cameron & Miller (2015), A practitioner's guide to cluster-robust inference.
    """
    lift, plain = difference(folds, "refined", "raw"), difference(folds, "refined", "plain")
    placebo, over = difference(folds, "placebo", "raw"), difference(folds, "refined", "placebo")
    error = lift.error or placebo.error or _wobble(folds)
    levels: dict[str, Any] = {name: _level(folds, name) for name in ARMS}
    draws = sum(len(fold["scores"]["placebo"]) for fold in folds)
    return levels | {
        "lift": lift.mean,
        "low": lift.low,
        "high": lift.high,
        "p_value": lift.p,
        "over_plain": Gain(plain.mean, plain.low, plain.high),
        "placebo": Gain(placebo.mean, placebo.low, placebo.high, draws),
        "over_placebo": Gain(over.mean, over.low, over.high),
        "minimal_detectable_effect": minimal_detectable_effect(error, lift.degrees) if error else 0.0,
        "verdict": verdict_of(lift.low, lift.high, over.low, folds),
        "contributions": _contributions(folds),
        "slices": _slices(folds),
    }


def difference(folds: Folds, name: str, baseline: str) -> Interval:
    """The gain of one arm over another."""
    return _pooled(folds, lambda fold: np.subtract(fold["sums"][name], fold["sums"][baseline]), wobble=True)


def _level(folds: Folds, name: str) -> Level:
    interval = _pooled(folds, lambda fold: np.asarray(fold["sums"][name]), wobble=False)
    return Level(interval.mean, max(0.0, interval.low), min(1.0, interval.high))


def _pooled(
    folds: Folds, sums: Callable[[dict[str, Any]], np.ndarray], *, wobble: bool, counts: str = MARK
) -> Interval:
    """A mean over users and splits with its interval, users clustered."""
    total = np.sum([sums(fold) for fold in folds], axis=0)
    people = np.sum([fold[counts] for fold in folds], axis=0)
    occupied = people > 0
    clusters, whole = int(occupied.sum()), float(people.sum())
    if clusters < 2:
        return Interval(float(total.sum() / whole) if whole else 0.0, float("-1"), 1.0, 1.0, 0.0, 1)
    mean = float(total.sum() / whole)
    off = total[occupied] - mean * people[occupied]
    error = float(np.sqrt(clusters / (clusters - 1) * (off**2).sum()) / whole)
    if wobble and total.any():
        error = float(np.hypot(error, _wobble(folds)))
    return t_interval(mean, error, clusters - 1)


def _wobble(folds: Folds) -> float:
    """The error that the fits themselves bring."""
    moved = [fold["nudged"] - fold["scores"]["raw"] for fold in folds]
    return float(np.sqrt(np.mean(np.square(moved)) / len(folds)))


def _contributions(folds: Folds) -> tuple[Contribution, ...]:
    names = sorted({family for fold in folds for family in fold["shares"]})
    nothing = np.zeros(len(folds[0][MARK]))
    gains = {
        name: _pooled(folds, lambda fold, name=name: np.asarray(fold["shares"].get(name, nothing)), wobble=True)  # type: ignore[misc]
        for name in names
    }
    p_values = dict(zip(names, holm(np.array([gains[name].p for name in names], np.float64)), strict=True))
    entries = []
    for name in names:
        votes = [effect["kept"] for fold in folds for effect in fold["chosen"] if effect["family"] == name]
        shipped, share = float(np.mean(votes)) if votes else 1.0, gains[name]
        verdict = family_verdict(share.low, share.high, shipped)
        entries.append(Contribution(name, share.mean, share.low, share.high, verdict, float(p_values[name]), shipped))
    return tuple(sorted(entries, key=lambda entry: (-entry.lift, entry.family)))


def _slices(folds: Folds) -> tuple[dict[str, Any], ...]:
    """The lift for kinds of users, worst first; p values adjusted (Holm)."""
    entries = []
    for name in sorted({name for fold in folds for name in fold["slices"]}):
        parts = [fold["slices"][name] for fold in folds if name in fold["slices"]]
        lift = _pooled(parts, lambda part: np.subtract(part["refined"], part["raw"]), wobble=False, counts="n")
        people = float(np.sum([part["n"] for part in parts]))
        raw, refined = (float(np.sum([part[arm] for part in parts])) / people for arm in ("raw", "refined"))
        entries.append(
            {
                "column": "user",
                "slice": name,
                "records": int(people),
                "raw": raw,
                "refined": refined,
                "lift": lift.mean,
                "low": lift.low,
                "high": lift.high,
                "p_value": lift.p,
            }
        )
    for entry, p in zip(entries, holm(np.array([entry["p_value"] for entry in entries], np.float64)), strict=True):
        entry["p_value"] = float(p)
        entry["verdict"] = "no effect" if p > 0.05 else "better" if entry["lift"] > 0 else "worse"
    return tuple(sorted(entries, key=lambda entry: (entry["raw"], entry["slice"])))
