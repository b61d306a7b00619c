"""Which recommender ships: the best on stretches of later events, or the simplest that cannot be told from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

# definition: the one-standard-error rule, Breiman et al. (1984), Classification and Regression Trees, section 3.4.3
ERRORS = 1.0


@dataclass(frozen=True, eq=False)
class AskedUsers:
    """One stretch of held-out events: what trains, and who is asked.

    Parameters
    ----------
    train : CSR, shape (users, items)
    ages : ndarray of float64, shape (entries of train,) or (0,)
    users : ndarray of int64, shape (n,)
        Who is asked.
    score : callable
        Of a model the score (n,) of each who is asked.
    """

    train: Any
    ages: np.ndarray
    users: np.ndarray
    score: Callable[[Any], np.ndarray]

    def fit(self, learner: Any, seed: int) -> Any:
        """The model of a recommender, which is given the ages where it reads them."""
        return fitted(learner, self.train, self.ages, seed)


def fitted(learner: Any, histories: Any, ages: np.ndarray, seed: int) -> Any:
    """The model of a recommender: its target holds ages where it reads them, else nothing."""
    return learner.fit(histories, ages if learner.reads_ages else np.zeros(0), seed)


@dataclass(frozen=True, eq=False)
class RecommenderChoice:
    """What ships.

    Parameters
    ----------
    name : str
        Code of the learner.
    best : str
        The one with the best mean; a simpler one may ship.
    settings : mapping of code to learner
        The best settings of each.
    means : mapping of code to float
    users : int
        How many people the choice heard.
    """

    name: str
    best: str
    settings: Mapping[str, Any]
    means: Mapping[str, float]
    users: int


def choose_recommender(
    learners: Sequence[Any],
    stretches: Sequence[AskedUsers],
    seed: int,
    progress: Callable[[int, int], None] | None = None,
    until: float | None = None,
) -> RecommenderChoice:
    """The choice, simplest first among those that cannot be told apart.

    Each person speaks once: the scores of one person in several stretches are no new evidence.

    Parameters
    ----------
    learners : sequence of Learner
        With their settings, simplest first.
    until : float, optional
        Moment of ``time.perf_counter`` by which the choice has to end: no learner but the first is tried that would end
        behind it, if it took as long as the longest before.
    """
    users = np.concatenate([asked.users for asked in stretches])
    best: dict[str, tuple[float, np.ndarray, Any]] = {}
    longest = 0.0
    for done, learner in enumerate(learners):
        began = perf_counter()
        if until is not None and done and began + longest > until:
            break
        said = np.concatenate([a.score(a.fit(learner, seed)) for a in stretches])
        code = learner.code()
        if code not in best or said.mean() > best[code][0]:
            best[code] = (float(said.mean()), said, learner)
        longest = max(longest, perf_counter() - began)
        if progress:
            progress(done + 1, len(learners) + 1)
    lead = max(best, key=lambda code: best[code][0])  # of equal ones the simplest
    name = next(code for code in best if code == lead or _alike(best[lead][1] - best[code][1], users))
    means = {code: mean for code, (mean, _, _) in best.items()}
    settings = {code: learner for code, (_, _, learner) in best.items()}
    return RecommenderChoice(name, lead, settings, means, len(np.unique(users)))


def _alike(gain: np.ndarray, users: np.ndarray) -> bool:
    """Is a mean gain within its standard error over people?"""
    _, who = np.unique(users, return_inverse=True)
    sums = np.bincount(who, gain - gain.mean())
    count = len(sums)
    if count < 2:
        return True
    error = float(np.sqrt((sums**2).sum() * count / (count - 1))) / len(gain)
    return bool(gain.mean() <= ERRORS * error)
