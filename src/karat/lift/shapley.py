"""Shares of a lift: what each family of fixes contributed, whatever the order they were applied in."""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from math import factorial

import numpy as np

EXACT_PLAYERS = 6  # cost: 64 coalitions; of more players random orders give the same shares with an error

Coalition = frozenset[str]


def coalitions(players: Sequence[str]) -> list[Coalition]:
    """Every subset, small ones first."""
    return [frozenset(some) for size in range(len(players) + 1) for some in combinations(players, size)]


def exact(players: Sequence[str], value: Callable[[Coalition], float]) -> dict[str, float]:
    """Shapley values from all coalitions; they add up to value(all) - value(none).

    Source: Shapley (1953), A value for n-person games.
    """
    count = len(players)
    worth = {some: value(some) for some in coalitions(players)}
    shares = {}
    for player in players:
        without = [some for some in worth if player not in some]
        weights = [factorial(len(s)) * factorial(count - len(s) - 1) / factorial(count) for s in without]
        gains = [worth[s | {player}] - worth[s] for s in without]
        shares[player] = float(np.dot(weights, gains))
    return shares


def sampled(players: Sequence[str], value: Callable[[Coalition], float], seed: int, pairs: int = 1) -> dict[str, float]:
    """Shapley values from random orders and their reverses; they too add up to value(all) - value(none).

    Parameters
    ----------
    pairs : int
        Number of random orders; each is also walked backwards, which removes much of the error.

    Source: Mitchell et al. (2022), JMLR 23 (antithetic permutation sampling).
    """
    rng = np.random.default_rng(seed)
    total = dict.fromkeys(players, 0.0)
    for _ in range(pairs):
        order = [players[at] for at in rng.permutation(len(players))]
        for walk in (order, order[::-1]):
            _walk(walk, value, total)
    return {player: total[player] / (2 * pairs) for player in players}


def _walk(order: Iterable[str], value: Callable[[Coalition], float], total: dict[str, float]) -> None:
    inside: Coalition = frozenset()
    before = value(inside)
    for player in order:
        inside |= {player}
        after = value(inside)
        total[player] += after - before
        before = after


def shares(
    players: Sequence[str], value: Callable[[Coalition], float], seed: int, exact_players: int = EXACT_PLAYERS
) -> dict[str, float]:
    """Exact up to ``exact_players`` players, sampled beyond."""
    if len(players) <= exact_players:
        return exact(players, value)
    return sampled(players, value, seed)
