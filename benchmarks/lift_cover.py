"""Does the lift's interval cover the mean effect? Generated problems, changes and learners, the truth known.

    python benchmarks/lift_cover.py [--cases 60] [--records 300] [--learners ridge,neighbours,tree]

Every case draws a data set from a generator, changes it, and measures the change on 5 x 5 folds with 19 placebo draws,
by the product's own rule. The true effect of a cell (generator x change x learner) is the mean lift over its cases. For
each cell: how often today's interval covers it, how often the one from folds alone did, and the half-widths beside that
of an interval that knew the true spread. Then the share of the draws' variance, chosen with each generator left out.
"""

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.stats import t

from karat.evaluate.auc import AUC
from karat.evaluate.r2 import R2
from karat.lift.effect import DRAW_SHARE, lift_interval, placebo_gains
from karat.lift.spread import spread
from karat.lift.verdict import difference, lifted

FOLDS, REPEATS, DRAWS = 5, 5, 19
State = tuple[np.ndarray, np.ndarray, np.ndarray]  # which records, features, targets
CHANGES = ("placebo", "rows", "cells", "labels", "scaled")


def generated(name: str, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Features and target: classes 0 and 1, or numbers."""
    x = rng.normal(size=(n, 6))
    line = x @ [1, 0.7, 0.5, 0.3, 0, 0]
    match name:
        case "linear":
            return x, (rng.random(n) < 1 / (1 + np.exp(-line))).astype(int)
        case "products":
            return x, (rng.random(n) < 1 / (1 + np.exp(-1.5 * np.sign(x[:, 0] * x[:, 1]) - x[:, 2]))).astype(int)
        case "rare":
            x = rng.standard_t(3, size=(n, 8))
            chance = 1 / (1 + np.exp(2.6 - 0.8 * x[:, 0] - 0.6 * x[:, 1] + 0.4 * x[:, 2] * (x[:, 3] > 0)))
            y = (rng.random(n) < chance).astype(int)
            y[rng.choice(n, 15, replace=False)] |= y.sum() < 15
            return x, y
        case "mixed":
            x, kind = rng.lognormal(size=(n, 5)), rng.integers(0, 6, n)
            score = 0.5 * np.log(x[:, 0]) - 0.7 * np.log(x[:, 1]) + np.array([-1, -0.5, 0, 0.3, 0.6, 1.2])[kind]
            return np.c_[x, np.eye(6)[kind]], (rng.random(n) < 1 / (1 + np.exp(-score))).astype(int)
        case "numbers":
            return x, line + rng.normal(size=n)
        case _:  # Friedman (1991)
            x = rng.random((n, 8))
            wave = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
            return x, wave + 2 * rng.normal(size=n)


GENERATORS = ("linear", "products", "rare", "mixed", "numbers", "friedman")


def answers(learner: str, x: np.ndarray, y: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """A number for each record asked about."""
    from sklearn.neighbors import KNeighborsRegressor
    from sklearn.tree import DecisionTreeRegressor

    if learner == "tree":
        return np.asarray(DecisionTreeRegressor(min_samples_leaf=10, random_state=0).fit(x, y).predict(asked))
    middle, width = x.mean(0), x.std(0) + 1e-9
    x, asked = (x - middle) / width, (asked - middle) / width
    if learner == "neighbours":
        return np.asarray(KNeighborsRegressor(15).fit(x, y).predict(asked))
    return np.asarray(asked @ np.linalg.solve(x.T @ x + np.eye(x.shape[1]), x.T @ (y - y.mean())) + y.mean())


def changed(change: str, x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> tuple[State, State, Callable]:
    """Raw and refined state, and what draws a placebo of the change."""
    n, all_records, two = len(y), np.ones(len(y), bool), len(np.unique(y)) == 2

    def without(share: float) -> np.ndarray:
        keep = all_records.copy()
        keep[rng.choice(n, int(n * share), replace=False)] = False
        return keep

    def moved() -> np.ndarray:
        out = x.copy()
        for column in range(3):
            at = rng.choice(n, int(n * 0.12), replace=False)
            out[at, column] = out[rng.permutation(at), column]
        return out

    draw: dict[str, Callable[[], State]] = {
        "placebo": lambda: (without(0.06), moved(), y),
        "rows": lambda: (without(0.08), x, y),
        "cells": lambda: (all_records, moved(), y),
    }
    if change in draw:
        return draw[change]() if change == "placebo" else (all_records, x, y), draw[change](), draw[change]
    at = rng.choice(n, int(n * 0.12), replace=False)
    put_right = at[: int(len(at) * 0.7)]
    if change == "labels":
        wrong = y.copy()
        wrong[at] = 1 - y[at] if two else y[rng.permutation(at)]
        right = wrong.copy()
        right[put_right] = y[put_right]

        def relabelled() -> State:
            out = wrong.copy()
            if two:
                for code in (0, 1):
                    among = np.flatnonzero(wrong == code)
                    out[rng.choice(among, min(len(among), (wrong[put_right] == code).sum()), replace=False)] = 1 - code
            else:
                out[rng.choice(n, len(put_right), replace=False)] = y[rng.permutation(put_right)]
            return all_records, x, out

        return (all_records, x, wrong), (all_records, x, right), relabelled
    scaled = x.copy()
    scaled[at, :2] *= 10
    right = scaled.copy()
    right[put_right] = x[put_right]

    def unscaled() -> State:
        out = scaled.copy()
        out[rng.choice(n, len(put_right), replace=False), :2] = x[rng.permutation(put_right), :2]
        return all_records, out, y

    return (all_records, scaled, y), (all_records, right, y), unscaled


def case(generator: str, change: str, learner: str, n: int, seed: int) -> dict[str, float]:
    """The lift of one data set, and what is needed to judge intervals of it."""
    rng = np.random.default_rng([seed, n])
    x, y = generated(generator, n, rng)
    raw, refined, draw = changed(change, x, y, rng)
    _, x, y = raw if change != "placebo" else (0, x, y)
    placebos = [draw() for _ in range(DRAWS)]
    two = len(np.unique(y)) == 2
    metric: Any = AUC() if two else R2()
    folds = []
    for repeat in range(REPEATS):
        order = np.lexsort([rng.random(n), y if two else np.zeros(n)])
        fold_of = np.empty(n, int)
        fold_of[order] = np.arange(n) % FOLDS
        for fold in range(FOLDS):
            test = fold_of == fold
            scores, influence = [], []
            for keep, features, target in [raw, refined, *(placebos if repeat == 0 else [])]:
                use = keep & ~test
                answer = answers(learner, features[use], target[use], x[test])
                if two:
                    answer = np.c_[1 - answer, answer]
                scores.append(metric.score(y[test], answer))
                influence.append(metric.influence(y[test], answer))
            entry = {"repeat": repeat, "train": int((~test).sum()), "test": int(test.sum())}
            entry["scores"] = {"raw": scores[0], "refined": scores[1]} | (
                {"placebo": scores[2:]} if repeat == 0 else {}
            )
            folds.append(entry | spread(influence[1] - influence[0], influence[2:], np.arange(test.sum())))
    rule, by_folds, by_spread = lifted(folds), difference(folds, "refined", "raw"), lift_interval(folds)
    assert by_spread is not None
    draws = float(placebo_gains(folds).var(ddof=1))
    return {
        "lift": rule.mean,
        "half": rule.high - rule.mean,
        "folds": by_folds.high - by_folds.mean,
        "draws": draws,
        "records": by_spread.error**2 - DRAW_SHARE * draws,
    }


def cover(cell: dict[str, np.ndarray], half: np.ndarray) -> float:
    """How often the true effect lies inside, the mean of as many lifts standing for it."""
    off = np.abs(cell["lift"] - cell["lift"].mean()) * np.sqrt(len(half) / (len(half) - 1))
    return float((off <= half).mean())


def halves(cell: dict[str, np.ndarray], share: float) -> np.ndarray:
    """Half-widths by another share of the draws' variance."""
    spreads = t.ppf(0.975, DRAWS - 1) * np.sqrt(cell["records"] + share * cell["draws"])
    return np.minimum(spreads, cell["folds"])


def main() -> None:
    """Run and print a line a cell, then the choice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--records", type=int, default=300)
    parser.add_argument("--learners", default="ridge,neighbours,tree")
    parser.add_argument("--generators", default=",".join(GENERATORS))
    parser.add_argument("--changes", default=",".join(CHANGES))
    args = parser.parse_args()
    start, cells = time.perf_counter(), []
    for learner in args.learners.split(","):
        for generator in args.generators.split(","):
            for change in args.changes.split(","):
                made = [case(generator, change, learner, args.records, seed) for seed in range(args.cases)]
                cell = {name: np.array([one[name] for one in made]) for name in made[0]}
                cells.append((generator, cell))
                ideal = 1.96 * cell["lift"].std(ddof=1)
                print(
                    f"{learner} · {generator} · {change} · effect {cell['lift'].mean():+.4f} · covered "
                    f"{cover(cell, cell['half']):.1%} (folds alone {cover(cell, cell['folds']):.1%}) · half-width of the "
                    f"ideal {np.median(cell['half']) / ideal:.2f} (folds alone {np.median(cell['folds']) / ideal:.2f})",
                    flush=True,
                )
    for name, kind in (("the rule", "half"), ("folds alone", "folds")):
        inside = np.mean([cover(cell, cell[kind]) for _, cell in cells])
        size = np.median([np.median(cell[kind]) / 1.96 / cell["lift"].std(ddof=1) for _, cell in cells])
        print(f"{name}: covered {inside:.1%} of {len(cells) * args.cases} cases, half-width {size:.2f} of the ideal")
    for left_out in dict.fromkeys(generator for generator, _ in cells):
        others = [cell for generator, cell in cells if generator != left_out]
        mine = [cell for generator, cell in cells if generator == left_out]
        shares = np.arange(0, 1.3, 0.05)
        fits = [s for s in shares if others and np.mean([cover(cell, halves(cell, s)) for cell in others]) >= 0.96]
        share = fits[0] if fits else shares[-1]
        inside = np.mean([cover(cell, halves(cell, share)) for cell in mine])
        print(f"without {left_out}: share {share:.2f}; it is then covered {inside:.1%}")
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
