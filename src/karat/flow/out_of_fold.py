"""What a model that never saw them expects of the labels: Karat's own, out of fold."""

from collections.abc import Callable
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.flow.text_ensemble import by_meaning, by_words, meanings, weighed
from karat.quality.accuracy.skill import too_rare

MOST_CLASSES = 20  # cost: beyond, what a text means is not asked: its weights would fill the memory
MOST_TEXTS = 1 << 18  # cost: the same
FOLDS = 5  # the same as scikit-learn's default of cv


def out_of_fold(
    block: Block,
    seed: int = 0,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    *,
    folds: int = FOLDS,
    linear: bool = False,
) -> tuple[np.ndarray, Any]:
    """Every record answered by models that have not seen it, nor its duplicates; the same for any order of records.

    Text, where a linear model learns wrong labels by heart, is answered three times: by it, by naive Bayes, and by a
    regression on few directions of meaning. Weighed by how well they foretell the labels they rank better than any.

    Parameters
    ----------
    block : Block
        All records; its schema has a target.
    workers : int
        At least 1.
    progress : callable, optional
        Called with (done, all) after each fold.
    folds : int
        Parts that the records are cut into, each answered by models of the others; at least 2.
    linear : bool
        The linear learner answers classes of a table, too, and is weighed in.

    Returns
    -------
    (answers, target) : probabilities (n, k), or predictions (n,); and the target as read.
    """
    from karat.prepare.target import read_target

    order = np.argsort(block.keys, kind="stable")
    answers, target = _in_order(block.canonical, seed, workers, progress, folds, linear=linear)
    out = np.empty_like(answers)
    out[order] = answers
    return out, read_target(block, target.classes)


def unjudged(target: Any) -> str:
    """Why no answer could be judged, the classes of a ``karat.prepare.target.Target`` being too rare; or ""."""
    if not target.classes:
        return ""
    known = target.values[~target.missing].astype(np.int64)
    return too_rare(np.bincount(known, minlength=len(target.classes)))


def _in_order(
    block: Block,
    seed: int,
    workers: int,
    progress: Callable[[int, int], None] | None,
    folds: int,
    *,
    linear: bool,
) -> tuple[np.ndarray, Any]:
    """The answers to the records of a block whose order follows from what they say, and its target."""
    from karat.core.executor import each
    from karat.prepare.features import Preparation
    from karat.prepare.splits import plan_splits
    from karat.prepare.target import read_target
    from karat.train.recipes import headline_for, recipes_for

    splits = plan_splits(block, seed=seed, repeats=1, folds=folds, by="record")
    target = read_target(block)
    classes = len(target.classes)
    recipe = headline_for(block.schema).for_classes(classes)
    preparation = Preparation(block.schema, recipe.features)
    preparation.read(block)
    fits = [(fold, train[~target.missing[train]]) for _, fold, train, _ in splits.pairs()]
    second = recipes_for(block.schema)[0].for_classes(classes) if linear and classes else recipe
    beside = Preparation(block.schema, second.features) if second.learner != recipe.learner else None
    spots = _spots(block, preparation.fit(block, fits[0][1]), seed) if fits and 0 < classes <= MOST_CLASSES else None

    def answered(fold: int, train: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        fitted = preparation.fit(block, train)
        shown, left_out = fitted.apply(block, train), np.flatnonzero(splits.fold[0] == fold)
        asked, labels = fitted.apply(block, left_out), target.values[train]
        views = [recipe.fit(shown, labels, seed).predict(asked)]
        if beside is not None:
            other = beside.fit(block, train)
            views.append(second.fit(other.apply(block, train), labels, seed).predict(other.apply(block, left_out)))
        if classes and not isinstance(shown, np.ndarray):
            views.append(by_words(shown, labels, asked, classes))
        if spots is not None:
            views.append(by_meaning(spots[train], labels, spots[left_out], classes, seed))
        return left_out, views

    views: list[np.ndarray] = []
    for test, answers in each(fits, lambda fit: answered(*fit), workers, progress):
        views = views or [np.full((len(block), *part.shape[1:]), np.nan) for part in answers]
        for whole, part in zip(views, answers, strict=True):
            whole[test] = part
    if len(views) < 2:
        return views[0] if views else np.full((len(block), *([classes] if classes else [])), np.nan), target
    return weighed(views, np.where(target.missing, -1, target.values)), target


def _spots(block: Block, fitted: Any, seed: int) -> np.ndarray | None:
    """(n, d) what each text means, as far as its n-grams tell; None where there is no text."""
    from karat.train.threads import one_thread

    if not 0 < len(block) <= MOST_TEXTS or isinstance(fitted.apply(block, np.arange(1)), np.ndarray):
        return None
    with one_thread():  # the same bits however many there are
        return meanings(fitted.apply(block, np.arange(len(block))), seed)
