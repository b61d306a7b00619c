"""How many errors are left in what waits, and how the quality rises as people work."""

from dataclasses import dataclass, field

import numpy as np

PRIOR_CASES = 25.0  # decided cases that weigh as much as what a check claims of itself
KEPT_POINTS = 4_000  # cost: of the curve; of more, fewer are kept
Z95 = 1.96  # definition: 97.5 % quantile of the normal distribution


@dataclass
class ErrorEstimate:
    """Errors found and errors expected, by check.

    A check claims a probability for each case. What people find moves it: twenty-five decided cases weigh as much as
    the claim.

    Parameters
    ----------
    waiting, claimed : ndarray of float64, shape (k,)
        By check: cases nobody has decided, and the sum of their probabilities.
    right, wrong : ndarray of float64, shape (k,)
        By check: decided cases where what stood was right, and where it was not.
    points : list of (int, float)
        Cases decided, and errors expected to be left then.
    """

    waiting: np.ndarray
    claimed: np.ndarray
    right: np.ndarray
    wrong: np.ndarray
    points: list[tuple[int, float]] = field(default_factory=list)

    @classmethod
    def of(cls, checks: np.ndarray, confidence: np.ndarray, count: int) -> "ErrorEstimate":
        """Before anybody has decided anything.

        Parameters
        ----------
        checks : ndarray of int, shape (n,)
            Each case's check, from 0 to ``count`` - 1.
        confidence : ndarray of float64, shape (n,)
        """
        size = max(1, count)
        waiting = np.bincount(checks, minlength=size).astype(float)
        claimed = np.bincount(checks, weights=confidence, minlength=size)
        estimate = cls(waiting, claimed, np.zeros(size), np.zeros(size))
        estimate.mark()
        return estimate

    def move(self, check: int, confidence: float, *, was: bool | None, now: bool | None) -> None:
        """A case's answer changes: True for an error, False for none, None for not decided."""
        for said, step in ((was, -1.0), (now, 1.0)):
            if said is None:
                self.waiting[check] += step
                self.claimed[check] += step * confidence
            elif said:
                self.wrong[check] += step
            else:
                self.right[check] += step

    def left(self, waiting: np.ndarray | None = None) -> tuple[float, float, float]:
        """Errors expected among what waits, with a 95 % interval.

        Parameters
        ----------
        waiting : ndarray of int, shape (k,), optional
            Cases nobody has decided, by check, where a part of them is meant.
        """
        open_ = self.waiting if waiting is None else waiting.astype(float)
        seen = self.right + self.wrong
        claim = np.divide(self.claimed, self.waiting, out=np.full(len(seen), 0.5), where=self.waiting > 0)
        rate = (PRIOR_CASES * claim + self.wrong) / (PRIOR_CASES + seen)
        spread = rate * (1 - rate)
        variance = open_**2 * spread / (PRIOR_CASES + seen + 1) + open_ * spread
        middle, error = float(open_ @ rate), Z95 * float(np.sqrt(variance.sum()))
        return middle, max(0.0, middle - error), min(float(open_.sum()), middle + error)

    @property
    def decided(self) -> int:
        """Cases somebody has decided."""
        return int(self.right.sum() + self.wrong.sum())

    def mark(self) -> None:
        """Keep where things stand for the curve; old points thin out."""
        self.points.append((self.decided, self.left()[0]))
        if len(self.points) > KEPT_POINTS:
            self.points = [self.points[0], *self.points[1:-1:2], self.points[-1]]
