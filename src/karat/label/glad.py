"""GLAD: voters have a skill and items a difficulty."""

from dataclasses import dataclass

import numpy as np

from karat.label.expectation import SETTLED, Gold, LabelEstimate, clamped, class_shares, shares, softmax
from karat.label.votes import Votes

STEPS = 2  # scoring steps in a round; cost: time against fit
DAMPING = 0.7  # flat from 0.538 to 0.824 (benchmarks/constants.md): more may overshoot, less needs more rounds
# of an item's log-ease; flat from 2 to 8 (benchmarks/constants.md): beyond it one item would decide a voter's skill
WIDEST = 4.0


@dataclass(frozen=True)
class Glad:
    """A vote is right with probability sigmoid(skill of the voter x ease of the item); a skill below 0 turns it round.

    An easy item's slip tells more against a voter than a hard one's. Few votes an item make ease hard to learn, so
    that both are held near 1 by a normal prior. Fisher scoring takes the place of the gradient search of the paper.
    Source: Whitehill et al. 2009.

    Parameters
    ----------
    spread : float
        Standard deviation of the priors of skill and of log-ease, > 0.
    rounds : int
        At most so many.
    """

    spread: float = 1.0
    rounds: int = 60

    def estimate(self, votes: Votes, gold: Gold | None = None) -> LabelEstimate:
        """Beliefs; the table is that of voters on items of usual ease."""
        n, v, k = votes.shape
        belief = clamped(shares(votes), gold)
        voted = np.bincount(votes.item, minlength=n) > 0
        skill, ease = np.ones(v), np.zeros(n)
        settled, done = False, 0
        for done in range(1, self.rounds + 1):  # noqa: B007  how many it took is told
            right = belief[votes.item, votes.label]
            for _ in range(STEPS):
                skill, ease = self._step(votes, right, skill, ease)
            usual = class_shares(belief, voted)
            score = skill[votes.voter] * np.exp(ease[votes.item]) + np.log(max(k - 1, 1))
            cell = votes.item.astype(np.int64) * k + votes.label
            logits = np.bincount(cell, score, n * k).reshape(n, k) + np.log(usual)
            fresh = clamped(softmax(logits), gold)
            moved = float(np.mean(np.abs(fresh - belief)))
            belief = fresh
            if moved < SETTLED:
                settled = True
                break
        table = np.eye(k) * (skill + np.log(max(k - 1, 1)))[:, None, None]
        return LabelEstimate(belief, table, np.log(usual), done, settled)

    def _step(
        self, votes: Votes, right: np.ndarray, skill: np.ndarray, ease: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        able, easy = skill[votes.voter], np.exp(ease[votes.item])
        sure = 1 / (1 + np.exp(-np.clip(able * easy, -30, 30)))
        miss, wide = right - sure, sure * (1 - sure)
        tight = self.spread**-2
        pull = np.bincount(votes.voter, miss * easy, len(skill)) - tight * (skill - 1)
        curve = np.bincount(votes.voter, wide * easy * easy, len(skill)) + tight
        reach = able * easy
        pull_ease = np.bincount(votes.item, miss * reach, len(ease)) - tight * ease
        curve_ease = np.bincount(votes.item, wide * reach * reach, len(ease)) + tight
        moved = np.clip(ease + DAMPING * pull_ease / curve_ease, -WIDEST, WIDEST)
        return skill + DAMPING * pull / curve, moved
