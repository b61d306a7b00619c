"""Ordinal scale: voters miss a level by a bias and a spread of their own."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from karat.label.expectation import Gold, LabelEstimate, maximise
from karat.label.votes import Votes

BIASES = np.linspace(-2.0, 2.0, 9)  # in levels; cost: the ends of the grid, each voter's place is learned
SPREADS = np.geomspace(0.3, 3.0, 8)  # in levels; cost: the ends of the grid, each voter's place is learned
BLIND = (0.01, 0.25, 0.9)  # share of votes given without looking; unproven: the grid
PRIOR_ROUNDS = 3  # cost: more move the shares of the grid in the third digit
SEEN = 1e-9  # definition: keeps the logarithm of 0 a number


@dataclass(frozen=True)
class OrdinalScale:
    """A vote is the true level plus a voter's bias and noise, rounded; a share of votes is given blindly.

    Three numbers a voter, in place of a matrix: an error by one level is likelier than one by three, so that few votes
    tell much. Each voter's place on a grid of biases and spreads is averaged, with the crowd's own shares of the grid
    as the prior. Source: the latent-trait reading of rating scales (Uebersax and Grove 1993), fitted by empirical
    Bayes.
    """

    def estimate(self, votes: Votes, gold: Gold | None = None) -> LabelEstimate:
        """Beliefs over the levels, which must stand in order among the classes."""
        k = votes.shape[2]
        grid = tables(k)
        flat = np.log(grid).reshape(len(grid), k * k)

        def table(counts: np.ndarray, _: np.ndarray) -> np.ndarray:
            fit = counts.reshape(len(counts), k * k) @ flat.T
            share = np.full(len(grid), 1.0 / len(grid))
            for _round in range(PRIOR_ROUNDS):
                logits = fit + np.log(share)
                place = np.exp(logits - logits.max(axis=1, keepdims=True))
                place /= place.sum(axis=1, keepdims=True)
                share = place.mean(axis=0) + SEEN
            averaged: np.ndarray = (place @ grid.reshape(len(grid), k * k)).reshape(len(counts), k, k)
            return averaged

        return maximise(votes, table, gold)


@cache
def tables(levels: int) -> np.ndarray:
    """(g, said, truth): what each place on the grid of biases, spreads and blind shares says of a level."""
    from scipy.special import ndtr

    truth = np.arange(levels)
    edges = np.concatenate([[-np.inf], np.arange(levels - 1) + 0.5, [np.inf]])
    parts = []
    for bias in BIASES:
        for spread in SPREADS:
            near = np.diff(ndtr((edges[:, None] - truth - bias) / spread), axis=0) + SEEN
            near /= near.sum(axis=0)
            parts += [(1 - blind) * near + blind / levels for blind in BLIND]
    return np.array(parts)
