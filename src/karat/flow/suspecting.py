"""What a model that never saw them expects of the labels: Karat's own, out of fold."""

from collections.abc import Callable
from typing import Any

import numpy as np

from karat.core.block import Block


def out_of_fold(
    block: Block, seed: int = 0, workers: int = 1, progress: Callable[[int, int], None] | None = None
) -> tuple[np.ndarray, Any]:
    """Every record answered by a model that has not seen it, nor its duplicates.

    Parameters
    ----------
    block : Block
        All records; its schema has a target.
    seed : int
    workers : int
        At least 1.
    progress : callable, optional
        Called with (done, all) after each fold.

    Returns
    -------
    (answers, target) : probabilities (n, k), or predictions (n,); and the target as read.
    """
    from karat.prepare.features import Preparation
    from karat.prepare.splits import plan_splits
    from karat.prepare.target import read_target
    from karat.train.parallel import run_fits
    from karat.train.recipes import headline_for

    splits = plan_splits(block, seed=seed, repeats=1, folds=5, by="record")
    target = read_target(block)
    recipe = headline_for(block.schema).for_classes(len(target.classes))
    preparation = Preparation(block.schema, recipe.features)
    preparation.read(block)

    def answers(pair: tuple[int, int, np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        _, fold, train, _ = pair
        train = train[~target.missing[train]]
        fitted = preparation.fit(block, train)
        model = recipe.fit(fitted.apply(block, train), target.values[train], seed)
        held = np.flatnonzero(splits.fold[0] == fold)
        return held, model.predict(fitted.apply(block, held))

    out = np.full((len(block), len(target.classes)) if target.classes else (len(block),), np.nan)
    for held, answer in run_fits(list(splits.pairs()), answers, workers, progress):
        out[held] = answer
    return out, target
