"""What answers about the next labels are worth: points of the metric, before anybody gives them."""

from dataclasses import dataclass

import numpy as np

from karat.core.block import Block

SURE = 0.8  # share of the labels, the least doubted ones, that score (benchmarks/label_asking.md: noisy ones mislead)
TURNED = 0.05  # share of the labels turned in a trial, of more than are asked; cost: fewer vary more
MOST_TRIED = 4_000  # cost: of more records a sample; an effect shrinks with their number
REPEATS, FOLDS = 3, 5  # cost: more would narrow the interval by little
LEAST = 0.0005  # points of a metric between 0 and 1 that are worth a batch; display: what three digits show


@dataclass(frozen=True)
class Worth:
    """The gain to expect, with its 80 % interval.

    The ends are those of 95 % for the mean over splits; one batch of answers varies more, and they held what it really
    gained in 70 to 82 % of the cases (benchmarks/label_asking.md).

    Parameters
    ----------
    metric : str
    mean, low, high : float
        Of the metric, by estimate.
    """

    metric: str
    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:+.3f} {self.metric}, 80 % [{self.low:+.3f}, {self.high:+.3f}]"


@dataclass(frozen=True, eq=False)
class Doubted:
    """Labels as they are now, and what is thought of them.

    Parameters
    ----------
    at : ndarray of int64, shape (n,)
        Positions in the block.
    labels, likely : ndarray of int64, shape (n,)
        Class codes, those of the answers among them, and the most probable other class.
    doubt : ndarray of float64, shape (n,)
        Probability that the label is wrong; 0 of one that was answered.
    known : ndarray of bool, shape (n,)
        Labels that were answered.
    classes : int
    """

    at: np.ndarray
    labels: np.ndarray
    likely: np.ndarray
    doubt: np.ndarray
    known: np.ndarray
    classes: int


def worth_of(block: Block, doubted: Doubted, corrected: float, seed: int = 0) -> Worth | None:
    """What it is worth to correct so many of the most doubtful labels; None where it cannot be tried.

    The most doubtful labels are turned as often as they are thought to be wrong, a linear model learns with and without
    that, and both are scored on records it has not seen and whose labels are hardly doubted. What that gains for each
    label turned is carried to the number that will be corrected.

    Parameters
    ----------
    block : Block
    doubted : Doubted
    corrected : float
        Wrong labels expected among those asked about.
    """
    from sklearn.model_selection import RepeatedStratifiedKFold

    from karat.evaluate.headline import headline_metric
    from karat.evaluate.intervals import corrected_resampled_t
    from karat.prepare.features import Preparation
    from karat.train.recipes import recipes_for
    from karat.train.threads import one_thread

    some = np.random.default_rng(seed).permutation(len(doubted.labels))[:MOST_TRIED]
    at, labels, doubt = doubted.at[some], doubted.labels[some], doubted.doubt[some]
    turned = np.argsort(-doubt, kind="stable")[: max(1, round(TURNED * len(some)))]
    turned = turned[doubt[turned] > 0]
    if np.bincount(labels, minlength=doubted.classes).min() < FOLDS or not len(turned):
        return None
    sure = doubted.known[some] | (doubt <= np.quantile(doubt, SURE))
    recipe = recipes_for(block.schema)[0].for_classes(doubted.classes)
    features = Preparation(block.schema, recipe.features).fit(block, at).apply(block, at)
    metric, chance, gains = headline_metric(doubted.classes), np.random.default_rng(seed), []
    splits = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=seed)
    with one_thread():
        for train, unseen in splits.split(labels, labels):
            test = unseen[sure[unseen]]
            flip = turned[chance.random(len(turned)) < doubt[turned]]
            other = labels.copy()
            other[flip] = doubted.likely[some][flip]
            scores = [
                metric.score(labels[test], recipe.fit(features[train], given[train], seed).predict(features[test]))
                for given in (labels, other)
            ]
            gains.append(scores[1] - scores[0])
    each = corrected * len(some) / len(doubted.labels) / float(doubt[turned].sum())
    found = corrected_resampled_t(each * np.array(gains), 1 / (FOLDS - 1))
    return Worth(type(metric).__name__, found.mean, found.low, found.high)
