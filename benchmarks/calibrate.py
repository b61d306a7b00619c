"""Fits what each check's score is worth on tables it has never seen, and writes ``quality/calibration.json``.

    python benchmarks/foreign_tables.py SET ... --raw --json F.json     (once per set; scores as the checks give them)
    python benchmarks/calibrate.py F.json ... [--write] [--folds 10]

A fold is a set of whole base tables: the three versions of a lake table, the files of facilities, and all plantings of
one table leave together. Per check: a monotone curve from score to the share of cells that were really wrong, in which
a table's findings weigh n / (1 + RHO (n - 1)) together, so that no table decides alone; and the confidence from which
on a change is made unasked: the precision of its suggestions, tables weighing the same within their design effect, must
be 0.95, its lower 5 % bound, tables drawn with replacement, 0.9, 0.975 of the changed cells really wrong, and the curve
at least 0.8 there. A check with right findings in fewer than MIN_TABLES base
tables is capped below .5 and fixes nothing. Printed, on tables left out: bins of confidence with the share that was
right and a cluster-bootstrap interval over tables, dirty and untouched tables apart.
"""

import argparse
import itertools
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.isotonic import IsotonicRegression

RHO = 0.3  # correlation of two findings of one table: their weight saturates at 1 / RHO
MIN_TABLES = 8  # base tables with right findings before a check may be believed
CAP = 0.49
WANTED, LEAST, BOUND = 0.95, 0.9, 0.05  # precision of what is fixed unasked, and of its lower bound
MARGIN = 0.8  # of the least sure changes, and of no change less, are right: many sure ones do not pay for them
HARMLESS = 0.975  # share of the changed cells that were wrong at all, tables weighing the same
PRIOR = 1.0  # of one right and one wrong table-weight at the ends of a curve
KNOTS = np.linspace(0, 1, 101)
SLOPE = 0.02
BINS = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0001])
FEW = 200
OUT = Path(__file__).parents[1] / "src" / "karat" / "quality" / "calibration.json"


@dataclass
class Scores:
    """Findings of one check: score, was the cell wrong, was the suggestion right (nan without one), base table."""

    score: np.ndarray
    wrong: np.ndarray
    fits: np.ndarray
    base: np.ndarray
    clean: np.ndarray

    def take(self, keep: np.ndarray) -> "Scores":
        return Scores(*(getattr(self, name)[keep] for name in ("score", "wrong", "fits", "base", "clean")))


def read(paths: list[Path]) -> dict[str, Scores]:
    rows = defaultdict(list)
    for path in paths:
        for table in json.loads(path.read_text()):
            base = table["base"].removesuffix(".csv")
            for one in table["findings"]:
                if one["kind"] == "form":
                    continue
                fits = np.nan if one["suggestion"] is None or one["suggestion"] == one["value"] else float(one["fits"])
                rows[one["check"]].append((one["confidence"], one["wrong"], fits, base, table["wrong"] == 0))
    return {code: Scores(*(np.array(part) for part in zip(*some, strict=True))) for code, some in sorted(rows.items())}


def weights(base: np.ndarray) -> np.ndarray:
    """Each finding's weight: those of one table together weigh n / (1 + RHO (n - 1))."""
    _, at, count = np.unique(base, return_inverse=True, return_counts=True)
    return 1 / (1 + RHO * (count[at] - 1))


def curve(some: Scores) -> np.ndarray:
    """Share of wrong cells at KNOTS, rising."""
    weight = weights(some.base)
    ends = np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array([PRIOR, PRIOR])
    model = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip")
    model.fit(np.append(some.score, ends[0]), np.append(some.wrong, ends[1]), sample_weight=np.append(weight, ends[2]))
    at = model.predict(KNOTS)
    smooth = np.convolve(np.pad(at, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid")
    rising = np.maximum.accumulate(np.clip(smooth, 0.0, 0.999))
    return np.clip(rising - SLOPE * (1 - KNOTS), 0.0, 0.999)  # no two scores are worth quite the same


def proven(some: Scores) -> bool:
    return len(np.unique(some.base[some.wrong.astype(bool)])) >= MIN_TABLES


def precision(some: Scores) -> tuple[float, float, float]:
    """The precision of suggestions over tables that weigh the same within their design effect, its lower 5 % bound
    (tables drawn with replacement), and the share of cells that were wrong at all; zeros where fewer than MIN_TABLES
    tables have any."""
    known = some.take(~np.isnan(some.fits))
    names, at = np.unique(known.base, return_inverse=True)
    if len(names) < MIN_TABLES:
        return 0.0, 0.0, 0.0
    n, right = np.bincount(at).astype(float), np.bincount(at, known.fits)
    weight = n / (1 + RHO * (n - 1))
    pick = np.random.default_rng(0).integers(len(names), size=(400, len(names)))
    shares = (weight * right / n)[pick].sum(axis=1) / weight[pick].sum(axis=1)
    wrong = (weight * np.bincount(at, known.wrong) / n).sum() / weight.sum()
    return float((weight * right / n).sum() / weight.sum()), float(np.quantile(shares, BOUND)), float(wrong)


def fixes_from(some: Scores, right: np.ndarray) -> float | None:
    """The confidence from which on suggestions are right often enough on a new table; None when nowhere."""
    worth = np.interp(some.score, KNOTS, right)
    for least in np.arange(MARGIN, 1.0, 0.0025):
        some_left = some.take(worth >= least)
        if not len(some_left.score):
            return None
        mean, low, wrong = precision(some_left)
        if mean >= WANTED and low >= LEAST and wrong >= HARMLESS:
            return round(float(least), 4)
    return None


def fitted(some: Scores) -> dict:
    right = curve(some)
    if not proven(some):
        right = np.minimum(right, CAP)
        return {
            "score": KNOTS,
            "right": right,
            "fixes_from": None,
            "tables": len(np.unique(some.base[some.wrong.astype(bool)])),
        }
    return {
        "score": KNOTS,
        "right": right,
        "fixes_from": fixes_from(some, right),
        "tables": len(np.unique(some.base[some.wrong.astype(bool)])),
    }


def interval(right: np.ndarray, base: np.ndarray, draws: int = 400) -> tuple[float, float]:
    """95 % of the share, tables drawn with replacement, each weighing the same within its design effect."""
    names, at = np.unique(base, return_inverse=True)
    n, good = np.bincount(at).astype(float), np.bincount(at, right)
    weight = n / (1 + RHO * (n - 1))
    chance = np.random.default_rng(0)
    pick = chance.integers(len(names), size=(draws, len(names)))
    shares = (weight * good / n)[pick].sum(axis=1) / weight[pick].sum(axis=1)
    return float(np.quantile(shares, 0.025)), float(np.quantile(shares, 0.975))


def left_out(some: Scores, folds: int) -> tuple[np.ndarray, np.ndarray]:
    """Per finding the confidence, and whether it would be fixed unasked, by a fit without its base table."""
    names = np.unique(some.base)
    order = np.random.default_rng(0).permutation(len(names))
    fold = dict(zip(names[order].tolist(), (np.arange(len(names)) % folds).tolist(), strict=True))
    of = np.array([fold[name] for name in some.base.tolist()])
    worth, fixed = np.zeros(len(of)), np.zeros(len(of), bool)
    for at in range(folds):
        here = of == at
        if here.any() and (~here).any():
            made = fitted(some.take(~here))
            worth[here] = np.interp(some.score[here], made["score"], made["right"])
            fixed[here] = made["fixes_from"] is not None and worth[here] >= (made["fixes_from"] or 2)
    return worth, fixed & ~np.isnan(some.fits)


def told(code: str, some: Scores, folds: int) -> dict:
    worth, fixed = left_out(some, folds)
    made = fitted(some)
    bases = len(np.unique(some.base))
    line = f"{code}: {len(worth):,} findings of fact in {bases} base tables, right ones in {made['tables']}"
    print(f"\n{line}; fixes unasked from {made['fixes_from']}")
    for name, part in (("dirty", ~some.clean), ("untouched", some.clean), ("all", np.ones(len(worth), bool))):
        shown = []
        for low, high in itertools.pairwise(BINS):
            here = part & (worth >= low) & (worth < high)
            if here.sum() < (FEW if name == "all" and low >= 0.5 else 20):
                continue
            ends = interval(some.wrong[here].astype(float), some.base[here])
            mark = "" if name != "all" or low < 0.5 or (ends[0] <= high + 0.1 and ends[1] >= low - 0.1) else " MISS"
            shown.append(
                f"{low:.1f}: {some.wrong[here].mean():.2f} [{ends[0]:.2f}, {ends[1]:.2f}] n {here.sum():,}{mark}"
            )
        if shown:
            print(f"  {name:9s} " + " · ".join(shown))
    if fixed.any():
        right, broken = int(some.fits[fixed].sum()), int((~some.wrong[fixed].astype(bool)).sum())
        print(
            f"  left out: fixed unasked {fixed.sum():,}, right {right:,}, broken {broken:,}, in {len(np.unique(some.base[fixed]))} base tables"
        )
    return made


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("files", nargs="+", type=Path)
    ask.add_argument("--write", action="store_true")
    ask.add_argument("--folds", type=int, default=10)
    args = ask.parse_args()
    made = {code: told(code, some, args.folds) for code, some in read(args.files).items()}
    if not args.write:
        sys.exit()
    plain = {
        code: {k: [round(float(x), 4) for x in v] if k in ("score", "right") else v for k, v in one.items()}
        for code, one in made.items()
    }
    plain = json.loads(OUT.read_text())["checks"] | plain  # checks that were not run stay as they are
    lines = [f"  {json.dumps(code)}: {json.dumps(one)}" for code, one in sorted(plain.items())]
    OUT.write_text('{"checks": {\n' + ",\n".join(lines) + "\n}}\n")


if __name__ == "__main__":
    main()
