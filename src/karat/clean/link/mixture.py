"""The probability that a pair is one thing, learned without labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from karat.clean.link.comparison import Comparison

ROUNDS = 100  # cost: rounds of the EM, unless it has settled before
SETTLED = 1e-4  # cost: change of a probability that ends the EM
# flat from 0.5 to 2 (benchmarks/constants.md): pairs put beside those seen, so that no level is impossible
SMOOTH = 1.0


@dataclass(frozen=True)
class LevelWeights:
    """What each level of each comparison says.

    Parameters
    ----------
    levels : tuple of ndarray of float64
        The log of how much likelier each level is among matches (nats).
    prior : float
        Share of the candidate pairs that match.
    trust : float
        Comparisons depend on each other (a name is part of the whole record), so what they say together counts this
        much of its sum.
    """

    levels: tuple[np.ndarray, ...]
    prior: float
    trust: float = 1.0

    def evidence(self, compared: Sequence[Comparison]) -> np.ndarray:
        """(p, c) log odds each comparison adds; 0 where missing."""
        both = zip(compared, self.levels, strict=True)
        return self.trust * np.stack([np.where(c.levels < 0, 0.0, w[c.levels]) for c, w in both], axis=1)

    def log_odds(self, compared: Sequence[Comparison]) -> np.ndarray:
        """(p,) log odds that a pair is one thing."""
        out: np.ndarray = self.evidence(compared).sum(axis=1) + np.log(self.prior / (1 - self.prior))
        return out


def learn(
    compared: Sequence[Comparison],
    start: np.ndarray,
    ways: Sequence[np.ndarray] = (),
    trust: float = 1.0,
    barred: np.ndarray | None = None,
) -> LevelWeights:
    """Weights by expectation-maximisation over the candidate pairs; more alike never counts less.

    Parameters
    ----------
    start : ndarray of float64, shape (p,)
        First guess of the probability that each pair is a match.
    ways : sequence of ndarray of int64, shape (p,)
        The records of each side that has at most one partner: its pairs compete.
    trust : float
        See ``Weights``.
    barred : ndarray of bool, shape (p,), or None
        Pairs that are no matches.

    Source: Fellegi & Sunter (1969), A theory for record linkage; Winkler (1988) for the EM.
    """
    most = 0.999 if barred is None else np.where(barred, 0.0, 0.999)
    match = np.minimum(np.clip(start, 0.001, 0.999), most)
    weights = _fit(compared, match, trust)
    for _ in range(ROUNDS):
        new = np.minimum(competing(weights.log_odds(compared), ways), most)
        if np.abs(new - match).max(initial=0) < SETTLED:
            break
        match = new
        weights = _fit(compared, match, trust)
    return weights


def competing(log_odds: np.ndarray, ways: Sequence[np.ndarray]) -> np.ndarray:
    """(p,) probability of each pair, when a record of some sides is in one pair at most."""
    odds = np.exp(np.minimum(log_odds, 30))
    against = 1 + odds
    for record in ways:
        against = against + np.bincount(record, odds)[record] - odds
    out: np.ndarray = odds / against
    return out


def _fit(compared: Sequence[Comparison], match: np.ndarray, trust: float) -> LevelWeights:
    levels = []
    for comparison in compared:
        known = comparison.levels >= 0
        seen = [
            np.bincount(comparison.levels[known], weight[known], minlength=comparison.count)
            for weight in (match, 1 - match)
        ]
        common = seen[0] + seen[1]
        common = (common + 1) / (common + 1).sum()
        m, u = ((part + SMOOTH * common) / (part.sum() + SMOOTH) for part in seen)
        levels.append(_rising(np.log(m / u), seen[0] + seen[1]))
    prior = float(np.clip(match.mean(), 1e-6, 1 - 1e-6))
    return LevelWeights(tuple(levels), prior, trust)


def _rising(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The nearest values that never fall (pool adjacent violators)."""
    blocks: list[list[float]] = []
    for value, size in zip(values.tolist(), (weight + 1e-3).tolist(), strict=True):
        blocks.append([value, size, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            last = blocks.pop()
            whole = blocks[-1][1] + last[1]
            blocks[-1] = [(blocks[-1][0] * blocks[-1][1] + last[0] * last[1]) / whole, whole, blocks[-1][2] + last[2]]
    return np.concatenate([np.full(int(count), value) for value, _, count in blocks])
