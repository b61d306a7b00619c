"""From the scores of the folds to the certificate: every digit follows from ``folds``, so that anybody can check it."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np

from karat.evaluate.intervals import Interval, holm, minimal_detectable_effect, t_interval
from karat.evaluate.slices import MIN_RECORDS
from karat.lift.certificate import Contribution, Gain, Level, Share, family_verdict, verdict_of
from karat.lift.effect import lift_interval, placebo_gains, placebo_range
from karat.lift.statistics import gain, records_to_see, share_of

Folds = Sequence[dict[str, Any]]
ALPHA = 0.05  # Fisher (1925): one false alarm in twenty; counted in benchmarks/lift_nulls.md


def ratio_of(folds: Folds) -> float:
    """Test records per training record, averaged over the folds.

    Where whole samples were redrawn instead, the spread of the draws is itself the error: nothing is divided.
    """
    if folds[0].get("redrawn"):
        return 1 - 1 / len(folds)
    return float(np.mean([fold["test"] / fold["train"] for fold in folds]))


def arm(folds: Folds, name: str) -> np.ndarray:
    """(folds,) scores of an arm; the mean over draws where it has several."""
    return np.array([float(np.mean(fold["scores"][name])) for fold in folds])


def level(folds: Folds, name: str) -> Level:
    """An arm's score with its interval, which ends at 1 where no score lies above it."""
    scores = arm(folds, name)
    interval = gain(scores, np.zeros(len(folds)), ratio_of(folds))
    return Level(interval.mean, interval.low, min(1.0, interval.high) if scores.max() <= 1 else interval.high)


def difference(folds: Folds, name: str, baseline: str) -> Interval:
    """Paired gain of one arm over another."""
    return gain(arm(folds, name), arm(folds, baseline), ratio_of(folds))


def figures(folds: Folds, named: Sequence[tuple[str, str, int]] = ()) -> dict[str, Any]:
    """All of the certificate that follows from its folds.

    Parameters
    ----------
    named : sequence of (column, slice, records)
        What the folds' slice scores belong to.
    """
    all_figures = headline(folds)
    if "train_scores" in folds[0]:
        all_figures |= {
            "contributions": contributions(folds),
            "gap": gap(folds),
            "robustness": robustness(folds),
        }
        all_figures["slices"], all_figures["metrics"] = adjusted(by_slice(folds, named), by_metric(folds))
    return all_figures


def headline(folds: Folds) -> dict[str, Any]:
    """The certificate's main figures."""
    lift = lifted(folds)
    plain = difference(folds, "refined", "plain")
    placebo, over, draws = beside(folds, lift.mean)
    figures: dict[str, Any] = {
        name: level(folds, name)
        for name in ("raw", "plain", "refined", "refined_mended_test")
        if name in folds[0]["scores"]
    }
    figures |= {"lift": lift.mean, "low": lift.low, "high": lift.high, "p_value": lift.p}
    figures["over_plain"] = Gain(plain.mean, plain.low, plain.high)
    figures["placebo"] = Gain(placebo.mean, placebo.low, placebo.high, int(draws))
    figures["over_placebo"] = Gain(over.mean, over.low, over.high)
    figures["minimal_detectable_effect"] = detectable(folds, lift, placebo)
    figures["verdict"] = verdict_of(lift.low, lift.high, over.low, folds)
    if any("unanswered" in fold["scores"] for fold in folds):
        figures["answered"] = answered(folds)
    if "clean" in folds[0]["scores"]:
        figures["clean"] = level(folds, "clean")
        figures["won_back"] = won_back(folds)
    return figures


def lifted(folds: Folds) -> Interval:
    """The lift with the narrower of two intervals that both are too wide as a rule.

    One from the folds' scores alone, and one from how records and placebo draws spread, which sees more where changes
    at random do little and less where they do much harm. How often both cover: benchmarks/lift_cover.md.
    """
    by_folds, by_spread = difference(folds, "refined", "raw"), lift_interval(folds)
    narrower = by_spread is not None and by_spread.high - by_spread.low < by_folds.high - by_folds.low
    return by_spread if by_spread is not None and narrower else by_folds


def beside(folds: Folds, lift: float) -> tuple[Interval, Interval, int]:
    """The placebo, the lift less the placebo, and the number of draws.

    Of several draws: their mean and where one more would fall, and the lift less that. Of one a fold: paired gains.
    """
    gains = placebo_gains(folds)
    if len(gains) < 2:
        draws = sum(np.size(fold["scores"]["placebo"]) for fold in folds)
        return difference(folds, "placebo", "raw"), difference(folds, "refined", "placebo"), draws
    placebo = placebo_range(gains)
    return placebo, t_interval(lift - placebo.mean, placebo.error, placebo.degrees), len(gains)


def detectable(folds: Folds, lift: Interval, placebo: Interval) -> float:
    """The smallest effect this proof could see, from the lift's own error.

    Where nothing changed there is no such error; then from the placebo's, or from how far scores move when a few
    records are left out at random.
    """
    error = lift.error or placebo.error
    if not error and all("nudged" in fold for fold in folds):
        moved = np.array([fold["nudged"] - fold["scores"]["raw"] for fold in folds])
        error = gain(moved, np.zeros(len(folds)), ratio_of(folds)).error
    return minimal_detectable_effect(error, lift.degrees) if error > 0 else 0.0


def answered(folds: Folds) -> Gain:
    """What people's answers were worth; nothing in a fold whose training records have none."""
    without = np.array([fold["scores"].get("unanswered", fold["scores"]["refined"]) for fold in folds])
    interval = gain(arm(folds, "refined"), without, ratio_of(folds))
    return Gain(interval.mean, interval.low, interval.high)


def won_back(folds: Folds) -> Share:
    """(refined - raw) / (clean - raw)."""
    raw = arm(folds, "raw")
    share, low, high = share_of(arm(folds, "refined") - raw, arm(folds, "clean") - raw, ratio_of(folds))
    return Share(share if isfinite(share) else 0.0, low if isfinite(low) else None, high if isfinite(high) else None)


def contributions(folds: Folds) -> tuple[Contribution, ...]:
    """Shapley shares by family with intervals and verdicts, the largest first; p values adjusted (Holm)."""
    measured = [fold for fold in folds if "shares" in fold]
    names = sorted({family for fold in measured for family in fold["shares"]})
    if len(measured) < 2 or not names:
        return ()
    ratio = ratio_of(measured)
    zero = np.zeros(len(measured))
    gains = {n: gain(np.array([fold["shares"].get(n, 0.0) for fold in measured]), zero, ratio) for n in names}
    adjusted = dict(zip(names, holm(np.array([gains[n].p for n in names])), strict=True))
    entries = []
    for name in names:
        shipped = _shipped(folds, name)
        share = gains[name]
        verdict = family_verdict(share.low, share.high, shipped)
        entries.append(Contribution(name, share.mean, share.low, share.high, verdict, float(adjusted[name]), shipped))
    return tuple(sorted(entries, key=lambda c: (-c.lift, c.family)))


def _shipped(folds: Folds, family: str) -> float:
    """In what share of the folds that had this family validation kept it."""
    votes = [effect["kept"] for fold in folds for effect in fold["chosen"] if effect["family"] == family]
    return float(np.mean(votes)) if votes else 1.0


def gap(folds: Folds) -> dict[str, Any]:
    """Train minus held-out score before and after: how much the model learned by heart."""
    gaps: dict[str, Any] = {}
    for name, words in (("raw", "before"), ("refined", "after")):
        train = np.array([fold["train_scores"][name] for fold in folds])
        interval = gain(train, arm(folds, name), ratio_of(folds))
        gaps[words] = {"value": interval.mean, "low": interval.low, "high": interval.high, "train": float(train.mean())}
    return gaps


def robustness(folds: Folds) -> tuple[dict[str, Any], ...]:
    """How far the score falls on spoiled test records, before and after."""
    looks = [fold for fold in folds if "looks" in fold]
    if len(looks) < 2:
        return ()
    entries = []
    for name in [key for key in looks[0]["looks"]["raw"]["sets"] if key.startswith("spoiled ")]:
        falls = {
            arm_name: np.array(
                [f["looks"][arm_name]["sets"]["raw"] - f["looks"][arm_name]["sets"][name] for f in looks]
            )
            for arm_name in ("raw", "refined")
        }
        better = gain(falls["raw"], falls["refined"], ratio_of(looks))
        entries.append(
            {
                "test": name.removeprefix("spoiled "),
                "fall_before": float(falls["raw"].mean()),
                "fall_after": float(falls["refined"].mean()),
                "lift": better.mean,
                "low": better.low,
                "high": better.high,
            }
        )
    return tuple(entries)


def by_slice(folds: Folds, named: Sequence[tuple[str, str, int]]) -> tuple[dict[str, Any], ...]:
    """Lift by slice, the worst raw score first.

    Parameters
    ----------
    named : sequence of (column, name, records)
    """
    entries: list[dict[str, Any]] = []
    ratio = ratio_of(folds)
    for at, (column, name, records) in enumerate(named):
        pairs = [(f["slices"]["raw"][at], f["slices"]["refined"][at]) for f in folds]
        pairs = [(a, b) for a, b in pairs if a is not None and b is not None]
        if len(pairs) < max(2, len(folds) // 2) or records < MIN_RECORDS:
            continue
        raw, refined = np.array(pairs).T
        lift = gain(refined, raw, ratio)
        entries.append(
            {
                "column": column,
                "slice": name,
                "records": records,
                "raw": float(raw.mean()),
                "refined": float(refined.mean()),
                "lift": lift.mean,
                "low": lift.low,
                "high": lift.high,
                "p_value": lift.p,
            }
        )
    return tuple(sorted(entries, key=lambda entry: (entry["raw"], entry["slice"])))


def by_metric(folds: Folds) -> tuple[dict[str, Any], ...]:
    """Lift by the other metrics, by name; each signed so that more is better."""
    names = sorted(folds[0].get("metrics", {}).get("raw", {}))
    entries = []
    for name in names:
        raw, refined = (
            np.array([fold["metrics"][arm_name][name] for fold in folds]) for arm_name in ("raw", "refined")
        )
        lift = gain(refined, raw, ratio_of(folds))
        if isfinite(lift.mean):
            entries.append(
                {
                    "metric": name,
                    "raw": float(raw.mean()),
                    "refined": float(refined.mean()),
                    "lift": lift.mean,
                    "low": lift.low,
                    "high": lift.high,
                    "p_value": lift.p,
                }
            )
    return tuple(entries)


def adjusted(*families: tuple[dict[str, Any], ...]) -> tuple[tuple[dict[str, Any], ...], ...]:
    """The same with p values adjusted over all of them together (Holm), and a verdict each.

    Slices and other metrics are asked in one breath, so they are one family; the headline alone was named beforehand.
    """
    p_values = holm(np.array([entry["p_value"] for family in families for entry in family], np.float64))
    values = iter(p_values.tolist())
    return tuple(tuple(_judged(entry, next(values)) for entry in family) for family in families)


def _judged(entry: dict[str, Any], p: float) -> dict[str, Any]:
    verdict = "no effect" if p > ALPHA else "better" if entry["lift"] > 0 else "worse"
    return entry | {"p_value": p, "verdict": verdict}


def planning(folds: Folds, records: int, effect: float = 0.01) -> dict[str, Any]:
    """How many records would show one point."""
    lift = lifted(folds)
    placebo = beside(folds, lift.mean)[0]
    seen = detectable(folds, lift, placebo)
    return {"effect": effect, "records": records_to_see(effect, seen, records) if seen > 0 else records}
