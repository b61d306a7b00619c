"""What follows from pairs taken together: chains within a table, partners between two."""

from collections.abc import Callable

import numpy as np

MAX_GROUP = 60
AWAY = -30.0

Score = Callable[[np.ndarray, np.ndarray], np.ndarray]


def checked(left: np.ndarray, right: np.ndarray, log_odds: np.ndarray, score: Score) -> dict[tuple[int, int], float]:
    """The pairs of one table after every chain was looked at as a whole.

    A chain (a like b, b like c) is a question, not an answer: a with c is scored too, and the group is built up from
    its surest pairs, joining two parts only where all their pairs together speak for it.

    Parameters
    ----------
    left, right : ndarray of int64, shape (p,)
        Positions, left before right.
    log_odds : ndarray of float64, shape (p,)
    score : callable
        Log odds of further pairs.

    Returns
    -------
    dict
        Probability of each pair; below 0.5 where its group was taken apart.
    """
    odds = dict(zip(zip(left.tolist(), right.tolist(), strict=True), log_odds.tolist(), strict=True))
    groups = [group for group in _components(left[log_odds >= 0], right[log_odds >= 0]) if len(group) > 2]
    fresh = [
        (a, b)
        for group in groups
        if len(group) <= MAX_GROUP
        for at, a in enumerate(group)
        for b in group[at + 1 :]
        if (a, b) not in odds
    ]
    if fresh:
        pairs = np.array(fresh)
        odds |= dict(zip(fresh, score(pairs[:, 0], pairs[:, 1]).tolist(), strict=True))
    out = {pair: 1 / (1 + np.exp(-np.clip(value, AWAY, -AWAY))) for pair, value in odds.items()}
    for group in groups:
        if len(group) <= MAX_GROUP:
            _settle(group, odds, out)
    return out


def _components(left: np.ndarray, right: np.ndarray) -> list[list[int]]:
    parent: dict[int, int] = {}

    def root(at: int) -> int:
        while parent.setdefault(at, at) != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        one, other = root(a), root(b)
        parent[max(one, other)] = min(one, other)
    groups: dict[int, list[int]] = {}
    for at in sorted(parent):
        groups.setdefault(root(at), []).append(at)
    return list(groups.values())


def _settle(group: list[int], odds: dict[tuple[int, int], float], out: dict[tuple[int, int], float]) -> None:
    """Joins the parts of a group as long as their pairs speak for it on the whole; writes the probabilities."""
    parts = [[at] for at in group]
    while len(parts) > 1:
        best, one, other = max(
            (_between(parts[i], parts[j], odds), -i, -j) for i in range(len(parts)) for j in range(i + 1, len(parts))
        )
        if best < 0:
            break
        parts[-one] = sorted(parts[-one] + parts.pop(-other))
    home = {at: number for number, part in enumerate(parts) for at in part}
    for at, a in enumerate(group):
        for b in group[at + 1 :]:
            if home[a] != home[b]:
                out[a, b] = min(out[a, b], 0.49)
            elif out[a, b] < 0.5:  # told by the others of its group
                by_others = max(
                    (out[min(a, c), max(a, c)] * out[min(b, c), max(b, c)] for c in parts[home[a]] if c not in (a, b)),
                    default=0.0,
                )
                out[a, b] = max(out[a, b], 0.5, min(by_others, 0.95))


def _between(one: list[int], other: list[int], odds: dict[tuple[int, int], float]) -> float:
    """Mean log odds of the pairs between two parts."""
    values = [np.clip(odds[min(a, b), max(a, b)], AWAY, -AWAY) for a in one for b in other]
    return float(np.mean(values))


def partners(left: np.ndarray, right: np.ndarray, log_odds: np.ndarray) -> np.ndarray:
    """(p,) bool: the pairs of the best one-to-one choice.

    Parameters
    ----------
    left, right : ndarray of int64, shape (p,)
        Positions in either table.
    log_odds : ndarray of float64, shape (p,)

    Source: Kuhn (1955), The Hungarian method for the assignment problem.
    """
    from scipy.optimize import linear_sum_assignment

    chosen = np.zeros(len(left), bool)
    far = np.clip(log_odds, AWAY, -AWAY)
    shifted = right + int(left.max(initial=-1)) + 1  # one numbering for both sides
    for group in _components(left, shifted):
        inside = np.flatnonzero(np.isin(left, group)) if len(group) < len(left) // 4 else np.arange(len(left))
        inside = inside[np.isin(left[inside], group)]
        rows, at = np.unique(left[inside], return_inverse=True)
        columns, to = np.unique(right[inside], return_inverse=True)
        cost = np.full((len(rows), len(columns)), -2 * AWAY)
        cost[at, to] = -far[inside]
        picked = np.stack(linear_sum_assignment(cost), axis=1)
        taken = np.zeros(cost.shape, bool)
        taken[picked[:, 0], picked[:, 1]] = True
        chosen[inside] = taken[at, to]
    return chosen
