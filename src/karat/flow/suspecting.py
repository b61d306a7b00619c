"""What a model that never saw them expects of the labels: Karat's own, out of fold."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from karat.core.block import Block

FEWEST = 100  # labels, below which none is left out of the second round
SMOOTHING = 0.3  # added to every weight of a class


def out_of_fold(
    block: Block, seed: int = 0, workers: int = 1, progress: Callable[[int, int], None] | None = None
) -> tuple[np.ndarray, Any]:
    """Every record answered by models that have not seen it, nor its duplicates.

    Text, where a linear model learns wrong labels by heart, is answered three times: by it, by naive Bayes, and by the
    linear model once more without the labels that the two doubt. Their mean ranks better than any of them.

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
    # Who leads by order decides nothing here: what finds the most wrong labels does.
    recipe = headline_for(replace(block.schema, learner="")).for_classes(len(target.classes))
    preparation = Preparation(block.schema, recipe.features)
    preparation.read(block)

    def answered(doubted: np.ndarray, fold: int, train: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        train = train[~target.missing[train]]
        fitted = preparation.fit(block, train)
        shown, held = fitted.apply(block, train), np.flatnonzero(splits.fold[0] == fold)
        asked = fitted.apply(block, held)
        kept = _trusted(doubted[train], target.values[train])
        model = recipe.fit(shown[kept], target.values[train][kept], seed)
        simple = None
        if target.classes and not isinstance(shown, np.ndarray) and not doubted.any():
            simple = _by_words(shown, target.values[train], asked, len(target.classes))
        return held, model.predict(asked), simple

    def round_of(doubted: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        fits = [(fold, train) for _, fold, train, _ in splits.pairs()]
        out = np.full((len(block), len(target.classes)) if target.classes else (len(block),), np.nan)
        plain = np.full_like(out, np.nan)
        for held, answer, simple in run_fits(fits, lambda fit: answered(doubted, *fit), workers, progress):
            out[held] = answer
            plain[held] = answer if simple is None else simple
        return out, None if np.array_equal(plain, out, equal_nan=True) else plain

    first, words = round_of(np.zeros(len(block), bool))
    if words is None:
        return first, target
    second, _ = round_of(_doubted(_mean(first, words), target))
    return _mean(first, second, words), target


def _doubted(answers: np.ndarray, target: Any) -> np.ndarray:
    """(n,) bool: records whose label the answers contradict too much to learn from."""
    from karat.label._doubt import doubt
    from karat.label._flags import flagged

    out = np.zeros(len(answers), bool)
    held = np.flatnonzero(~target.missing & ~np.isnan(answers).any(axis=1))
    if len(held) >= FEWEST:
        out[held] = flagged(doubt(answers[held], target.values[held]))
    return out


def _trusted(doubted: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Positions to learn from: those not doubted, and all of a class that would have none left."""
    left = np.isin(given, np.unique(given[~doubted]))
    return np.flatnonzero(~doubted | ~left)


def _by_words(shown: Any, given: np.ndarray, asked: Any, classes: int) -> np.ndarray:
    """Multinomial naive Bayes on weights >= 0: biased, but hardly moved by single wrong labels."""
    if shown.nnz and shown.data.min() < 0:
        shown, asked = abs(shown), abs(asked)
    logs = np.empty((shown.shape[1], classes))
    share = np.bincount(given, minlength=classes) / max(len(given), 1)
    for one in range(classes):
        seen = np.asarray(shown[given == one].sum(axis=0), np.float64).ravel() + SMOOTHING
        logs[:, one] = np.log(seen / seen.sum())
    scores = np.asarray(asked @ logs) + np.log(np.maximum(share, 1e-9))
    powered = np.exp(scores - scores.max(axis=1, keepdims=True))
    out: np.ndarray = powered / powered.sum(axis=1, keepdims=True)
    return out


def _mean(*answers: np.ndarray) -> np.ndarray:
    """The geometric mean of several models' probabilities."""
    log = sum(np.log(np.maximum(one, 1e-12)) for one in answers) / len(answers)
    powered = np.exp(log - log.max(axis=1, keepdims=True))
    out: np.ndarray = powered / powered.sum(axis=1, keepdims=True)
    return out
