"""In which orders labels are asked about; the answers decide which of them goes on."""

from collections.abc import Mapping

import numpy as np

from karat.core.block import Block

LINEAR, BOTH, JUDGE = "linear", "both", "judge"


def doubtful_orders(
    block: Block, at: np.ndarray, labels: np.ndarray, expected: np.ndarray, wrong: np.ndarray
) -> dict[str, np.ndarray]:
    """How doubtful each label is, by the name of each order.

    In a table a linear model answers, too: a label is the more doubtful the less probable that model, or the mean of
    both, finds it. Trees alone are surest where a cell is wrong, and the judge asks about one class nearly alone. Where
    one model answers, the judge's probability is the only order (benchmarks/label_asking.md).

    Parameters
    ----------
    block : Block
        All records.
    at, labels : ndarray of int64, shape (n,)
        Positions of the labelled ones, and their classes.
    expected : ndarray of float64, shape (n, k)
        Answers of the models that lead, out of fold.
    wrong : ndarray of float64, shape (n,)
        Probability that the label is wrong, by their judge.
    """
    linear = _linear(block, at)
    if linear is None:
        return {JUDGE: wrong}
    own = np.arange(len(at)), labels
    return {LINEAR: 1 - linear[own], BOTH: 1 - (linear[own] + expected[own]) / 2}


def _linear(block: Block, at: np.ndarray) -> np.ndarray | None:
    """(n, k) out-of-fold answers of the linear learner; None where it leads already or leaves a record out."""
    from karat.flow.out_of_fold import out_of_fold
    from karat.train.recipes import headline_for, led_by, recipes_for

    fragile = recipes_for(block.schema)[0].learner
    if headline_for(block.schema).learner == fragile:
        return None
    led = Block(block.rows, block.table, led_by(block.schema, fragile.code()), block.extra).keyed(lambda: block.keys)
    answers = out_of_fold(led)[0][at]
    return None if np.isnan(answers).any() else answers


def in_turn(seen: Mapping[str, tuple[int, int]], count: int, seed: int) -> list[str]:
    """Which order has each of the next turns: as often as, by its answers, it is likely to be wrong labels' best.

    Parameters
    ----------
    seen : dict of str to (int, int)
        By order: how many of the labels asked about for it were wrong, and how many were right.
    count, seed : int

    Source: Thompson (1933); Chapelle & Li (2011), an empirical evaluation of Thompson sampling.
    """
    chance = np.random.default_rng(seed)
    names = list(seen)
    shares = np.array([chance.beta(1 + wrong, 1 + right, count) for wrong, right in seen.values()])
    return [names[best] for best in shares.argmax(axis=0).tolist()]
