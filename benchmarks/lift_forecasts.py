"""Forecasts: how often what came of a step lies inside the 80 % interval foretold. 70-90 % is right.

    python benchmarks/lift_forecasts.py [FILE.csv=TARGET ...] [--draws 10] [--first 0]

From each set a sample is drawn (at most 400 records) and cut into five folds. Three steps are foretold, as the
certificate does it. Doubling: from models that had a quarter, half and all of the training records. Mending: one defect
(wrong cells, missing cells, wrong labels, in turn) is planted at 5-25 %, and its removal priced by putting in more of
it. Asking: a person is asked about labels of which half are wrong, and fixes those. A slice: as many records again of one small slice (another at each draw), from models that had half of it. Then the
step is taken on the same training records, and what it brought measured on all the other records of the
set, which took no part. Numbers in another unit are not foretold: one is as bad as many, so more of them tell nothing.
"""

import argparse
import time
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from lift_effects import sets
from lift_nulls import recipe_of

from karat.core.block import Block
from karat.core.patch import changes
from karat.lift.advice import Forecast, doubling, mended, waiting_steps
from karat.lift.arms import known_target
from karat.lift.defect_injection import DEFECTS, TRAINING_ONLY, Inject, dosed, responses, wrong_labels
from karat.lift.design import Design
from karat.lift.fold import CURVE, FoldWork, Setting
from karat.lift.pairing import VersionChanges
from karat.lift.recipe import HEADLINE, Arm, Recipe
from karat.lift.slice_curves import priced, slice_forecasts, sliced
from karat.lift.slices import slices
from karat.prepare.splits import plan_splits
from karat.prepare.target import read_target

MENDED = ("wrong cells", "missing cells", "wrong labels")
MOST, LEAST, SHARE = 400, 100, 0.28
Pairs = list[tuple[int, int, np.ndarray, np.ndarray]]
Told = tuple[Forecast | None, float]


def scored(recipe: Recipe, arm: Arm, tests: Block, at: np.ndarray) -> float:
    """A model of the arm on some records."""
    target = read_target(tests, recipe.classes)
    return recipe.score(target.values[at], recipe.fit(arm, HEADLINE).answers(tests, at))


def doubled(block: Block, recipe: Recipe, pairs: Pairs, more: np.ndarray, held: np.ndarray) -> Told:
    """Foretold from the folds, and what as many records again brought."""
    setting = Setting(block, recipe, Design(), VersionChanges({}), known_target(block), [])
    folds: list[dict[str, Any]] = []
    gains = []
    for pair in pairs:
        work = FoldWork(setting, *pair)
        arm, tests = Arm(block, work.train, ""), work.held_out()
        curve = {share: work._with_less(arm, parts, tests) for share, parts in CURVE.items()}
        look = {"curve": curve, "sets": {"raw": work.score(arm, HEADLINE, tests)}}
        folds.append({"train": len(work.train), "test": len(work.test), "looks": {"refined": look}})
        setting.scores.memory.clear()
        larger = Arm(block, np.sort(np.concatenate([work.train, more[: len(work.train)]])), "")
        gains.append(scored(recipe, larger, block, held) - scored(recipe, arm, block, held))
    return doubling(folds), float(np.mean(gains))


def repaired(
    clean: Block, recipe: Recipe, pairs: Pairs, held: np.ndarray, defect: tuple[str, Inject], dose: float, seed: int
) -> Told:
    """Foretold by dose and response on the dirty sample, and what a perfect repair brought."""
    name, inject = defect
    dirty = inject(clean, dose, np.random.default_rng([seed, 3]))
    if dirty is None:
        return None, 0.0
    setting = Setting(dirty, recipe, Design(), VersionChanges({}), known_target(dirty), [], None, seed)
    slope = next(one for one in responses([dosed(setting, pair) for pair in pairs]) if one["defect"] == name)
    after = dirty if name in TRAINING_ONLY else clean
    gains = [
        scored(recipe, Arm(clean, train, ""), after, held) - scored(recipe, Arm(dirty, train, ""), dirty, held)
        for _, _, train, _ in pairs
    ]
    return mended(slope["per_percent"], slope["error"], slope["folds"], 100 * dose), float(np.mean(gains))


def asked(clean: Block, recipe: Recipe, pairs: Pairs, held: np.ndarray, dose: float, seed: int) -> Told:
    """Foretold for a person who is asked about labels of which half are wrong, and what it brought on true labels."""
    name = clean.schema.target.name if clean.schema.target else ""
    dirty = wrong_labels(clean, dose, np.random.default_rng([seed, 5]))
    if dirty is None or clean.schema.task == "regression":
        return None, 0.0
    given, true = (np.array(block.text(name).to_pylist(), object) for block in (dirty, clean))
    rng, wrong = np.random.default_rng([seed, 6]), np.flatnonzero(given != true)
    sound = rng.choice(np.flatnonzero(given == true), len(wrong), replace=False)
    at = np.sort(np.concatenate([wrong, sound]))
    kinds = np.array(sorted(set(true.tolist())), object)
    other = [rng.choice(kinds[kinds != given[i]]) if given[i] == true[i] else true[i] for i in at]
    cases = changes(len(at), row=dirty.rows[at], column=name, action="set", after=other, check="Ask", confidence=0.5)
    setting = Setting(dirty, recipe, Design(), VersionChanges({}), known_target(dirty), [], None, seed)
    folds, gains = [], []
    for pair in pairs:
        work = FoldWork(setting, *pair)
        training, tests = dirty.take(work.train), work.held_out()
        waiting = work.waiting(training, cases, tests)
        refined = work.score(work.arm(training), HEADLINE, tests)
        folds.append(
            {"train": len(work.train), "test": len(work.test), "scores": {"refined": refined}, "waiting": waiting}
        )
        arms = [Arm(block, work.train, "") for block in (clean, dirty)]
        gains.append(scored(recipe, arms[0], clean, held) - scored(recipe, arms[1], clean, held))
    (step,) = waiting_steps(folds, len(dirty))
    return (step["lift"], step["low"], step["high"]), float(np.mean(gains))


def one_slice(block: Block, recipe: Recipe, pairs: Pairs, more: np.ndarray, held: np.ndarray, draw: int) -> Told:
    """Foretold from halves of a slice, and what as many records of it again brought to the whole score."""
    setting = Setting(block, recipe, Design(), VersionChanges({}), known_target(block), slices(block))
    few = priced(setting)
    if not few:
        return None, 0.0
    chosen = replace(setting, slices=[few[draw % len(few)]])
    told = slice_forecasts(chosen, [sliced(chosen, pair) for pair in pairs])
    fresh = more[chosen.slices[0].mask[more]]
    gains = []
    for _, _, train, _ in pairs:
        wanted = int(chosen.slices[0].mask[train].sum())
        larger = Arm(block, np.sort(np.concatenate([train, fresh[:wanted]])), "")
        gains.append(scored(recipe, larger, block, held) - scored(recipe, Arm(block, train, ""), block, held))
    return ((told[0]["lift"], told[0]["low"], told[0]["high"]) if told else None), float(np.mean(gains))


def main() -> None:
    """Run and print a line a set, then the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--records", type=int, default=2_500)
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--steps", default="doubling,mending,asking,slice")
    args = parser.parse_args()
    start, kept = time.perf_counter(), {kind: [] for kind in args.steps.split(",")}
    injects = {name: inject for _, name, inject in DEFECTS}
    for name, clean in sets(args.files, args.records):
        if SHARE * len(clean) < LEAST:
            continue
        recipe, size = recipe_of(clean, "linear"), min(MOST, int(SHARE * len(clean)))
        for draw in range(args.first, args.first + args.draws):
            order = np.random.default_rng(draw).permutation(len(clean))
            have, more, held = np.sort(order[:size]), order[size : 2 * size], np.sort(order[2 * size :])
            splits = plan_splits(clean.take(have), seed=draw, repeats=1).pairs()
            pairs = [(repeat, fold, have[train], have[test]) for repeat, fold, train, test in splits]
            defect = MENDED[draw % len(MENDED)]
            dose = float(np.random.default_rng([draw, 4]).uniform(0.05, 0.25))
            ways = {
                "doubling": partial(doubled, clean, recipe, pairs, more, held),
                "mending": partial(repaired, clean, recipe, pairs, held, (defect, injects[defect]), dose, draw),
                "asking": partial(asked, clean, recipe, pairs, held, dose, draw),
                "slice": partial(one_slice, clean, recipe, pairs, more, held, draw),
            }
            for kind, held_back in kept.items():
                told, came = ways[kind]()
                if told is not None:
                    held_back.append(
                        (name, told[1] <= came <= told[2], abs(told[0] - came), abs(came), told[0] * came > 0)
                    )
        for kind, made in kept.items():
            mine = [one for one in made if one[0] == name]
            inside = sum(one[1] for one in mine)
            if not mine:
                continue
            off, zero = (float(np.mean([one[at] for one in mine])) for at in (2, 3))
            print(
                f"{name} · {kind}: {inside} of {len(mine)} inside · off by {off:.4f}, 'no effect' by {zero:.4f}",
                flush=True,
            )
    for kind, made in kept.items():
        inside, right = (float(np.mean([one[at] for one in made])) for at in (1, 4))
        print(f"{kind}: {inside:.0%} of {len(made)} forecasts inside, the sign right in {right:.0%}")
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
