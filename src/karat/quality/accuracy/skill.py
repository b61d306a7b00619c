"""Whether the answers of a model say more about the labels than chance would."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

# benchmarks/wrong_labels.md: below, no label is flagged; chosen on sms, waimai, chnsenticorp, half of newsgroups
FEWEST = 20  # records of a class, below which its AUC has a standard error above .06 and no answer can be judged
# definition: the level itself
BY_CHANCE = 0.01  # risk that any class of labels drawn at random passes (Bonferroni over the classes)


@dataclass(frozen=True)
class Skill:
    """Which classes a model tells from the others better than chance.

    Parameters
    ----------
    classes : ndarray of bool, shape (k,)
        Classes with enough records whose AUC against all others lies above .5 beyond chance; of a number k = 1.
    reason : str
        Why no answer of the model says anything about a label; empty where some do.
    """

    classes: np.ndarray
    reason: str


def _enough(sizes: np.ndarray) -> np.ndarray:
    """Classes with enough records, and enough others to tell them from."""
    return np.flatnonzero((sizes >= FEWEST) & (sizes.sum() - sizes >= FEWEST))


def too_rare(sizes: np.ndarray) -> str:
    """Why classes with so many records each cannot be judged by any model; empty where some can."""
    if len(_enough(sizes)):
        return ""
    if (sizes > 0).sum() < 2:
        return "all labels are of one class: there is nothing to tell apart"
    few, there = int(((sizes > 0) & (sizes < FEWEST)).sum()), int((sizes > 0).sum())
    have = "has" if few == 1 else "have"
    return f"{few:,} of {there:,} classes {have} fewer than {FEWEST} labelled records, too few to judge"


def of_classes(expected: np.ndarray, labels: np.ndarray) -> Skill:
    """The skill of out-of-fold probabilities.

    The variance of the AUC of a model without skill is known (Mann and Whitney 1947): a class passes where its AUC
    lies farther above .5 than chance would take it.

    Parameters
    ----------
    expected : ndarray of float64, shape (n, k)
    labels : ndarray of int, shape (n,)
        Position of the given label among the classes.
    """
    from scipy.stats import rankdata

    count = expected.shape[1]
    sizes = np.bincount(labels, minlength=count)
    enough = _enough(sizes)
    passed, best = np.zeros(count, bool), 0.0
    if not len(enough):
        return Skill(passed, too_rare(sizes))
    far = NormalDist().inv_cdf(1 - BY_CHANCE / len(enough))
    for place in enough.tolist():
        own, others = int(sizes[place]), len(labels) - int(sizes[place])
        ranks = rankdata(expected[:, place])
        auc = (ranks[labels == place].sum() - own * (own + 1) / 2) / (own * others)
        passed[place] = auc > 0.5 + far * np.sqrt((own + others + 1) / (12 * own * others))
        best = max(best, float(auc))
    if passed.any():
        return Skill(passed, "")
    return Skill(
        passed, f"no model beats chance here (AUC {best:.2f} at best): its disagreement is no evidence against a label"
    )


def of_numbers(expected: np.ndarray, labels: np.ndarray) -> Skill:
    """The skill of out-of-fold predictions of a number: their rank correlation with it, beyond chance.

    Parameters
    ----------
    expected, given : ndarray of float64, shape (n,)
    """
    from scipy.stats import rankdata

    first, second = rankdata(expected), rankdata(labels)
    spread = float(first.std() * second.std())
    agreement = float(((first - first.mean()) * (second - second.mean())).mean()) / spread if spread else 0.0
    passed = agreement > NormalDist().inv_cdf(1 - BY_CHANCE) / np.sqrt(max(1, len(labels) - 1))
    chance = f"no model beats chance here (rank correlation {agreement:.2f})"
    reason = f"{chance}: its disagreement is no evidence against a label"
    return Skill(np.array([passed]), "" if passed else reason)


def of_answers(expected: np.ndarray, labels: np.ndarray, task: str | None) -> Skill:
    """The skill of out-of-fold answers (n, k) or (n,), those left out that have none, or no label (NaN or negative)."""
    answers = expected if expected.ndim == 2 else expected[:, None]
    known = ~np.isnan(answers).any(axis=1) & ~np.isnan(labels)
    if task == "regression":
        return of_numbers(answers[known, 0], labels[known])
    known &= labels >= 0
    return of_classes(answers[known], labels[known].astype(np.int64))
