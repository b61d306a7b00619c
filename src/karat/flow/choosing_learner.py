"""Which of several learners ships: the best on held-out records, or the simplest that cannot be told from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.evaluate.intervals import corrected_resampled_t

# definition: the one-standard-error rule, Breiman et al. (1984), Classification and Regression Trees, section 3.4.3
ERRORS = 1.0
# benchmarks/learners.md: what is given up for the simpler learner at most, of the metric's unit
MOST_GIVEN_UP = 0.002


@dataclass(frozen=True)
class LearnerChoice:
    """The learner that ships.

    Parameters
    ----------
    name : str
    best : str
        The one with the best mean score; a simpler one may ship.
    difference, error : float
        How much better the best is on the mean of the folds, and the standard error of that.
    expected : ndarray of float64, shape (folds,)
        In each fold the score of the learner that the other folds choose: what choosing is worth on records that had
        no say in it.
    """

    name: str
    best: str
    difference: float
    error: float
    expected: np.ndarray

    def to_json(self) -> dict[str, Any]:
        """For ``evaluation.json``."""
        figures = {"difference": self.difference, "error": self.error if np.isfinite(self.error) else None}
        return {"learner": self.name, "best": self.best, **figures, "expected": float(np.mean(self.expected))}


def choose_learner(scores: Mapping[str, np.ndarray], simplest_first: Sequence[str], share: float) -> LearnerChoice:
    """The choice by scores of folds.

    Parameters
    ----------
    scores : mapping of name to ndarray of float64, shape (folds,)
        Signed so that more is better.
    simplest_first : sequence of str
        The names, the simplest learner first.
    share : float
        Test records for each training record.
    """
    name, best, difference, error = _choice(scores, simplest_first, share)
    folds = len(scores[name])
    expected = []
    for fold in range(folds):
        others = {one: np.delete(values, fold) for one, values in scores.items()} if folds > 1 else scores
        expected.append(scores[_choice(others, simplest_first, share)[0]][fold])
    return LearnerChoice(name, best, difference, error, np.array(expected))


def _choice(
    scores: Mapping[str, np.ndarray], simplest_first: Sequence[str], share: float
) -> tuple[str, str, float, float]:
    """What ships, the best, by how much that is better, and the error of the difference."""
    means = {name: _mean(scores[name]) for name in simplest_first}
    best = max(simplest_first, key=lambda name: means[name])  # of equal ones the simplest
    for name in simplest_first:
        gap = corrected_resampled_t(scores[best] - scores[name], share)
        if name == best or (np.isfinite(gap.error) and gap.mean <= min(ERRORS * gap.error, MOST_GIVEN_UP)):
            return name, best, float(max(gap.mean, 0.0)), gap.error
    raise AssertionError(best)


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("-inf")
