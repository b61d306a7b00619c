"""Consensus of methods: what a matrix a voter, a spammer's model and a weighted count say on average."""

import numpy as np

from karat.label.dawid_skene import DawidSkene
from karat.label.expectation import Gold, LabelEstimate, Method, clamped
from karat.label.mace import Mace
from karat.label.votes import Votes
from karat.label.weighted_majority import WeightedMajority


class Consensus:
    """The mean belief of methods that fail on different crowds.

    A matrix a voter is best where voters confuse classes, and learns noise where voters cast few votes; MACE is best
    against people who click blindly, and cannot turn round one who answers backwards; a weighted count runs away with
    nothing. Chosen on seven kinds of made crowds (``benchmarks/vote_choice.py``) and three real ones.
    """

    members: tuple[Method, ...] = (DawidSkene(), Mace(), WeightedMajority())

    def estimate(self, votes: Votes, gold: Gold | None = None) -> LabelEstimate:
        """The mean of the members' beliefs, tables and bases."""
        parts = [member.estimate(votes, gold) for member in self.members]
        shape = parts[0].belief.shape
        belief = np.mean([part.belief for part in parts], axis=0)
        base = np.mean([np.broadcast_to(part.base, shape) for part in parts], axis=0)
        table = np.mean([part.table for part in parts], axis=0)
        return LabelEstimate(clamped(belief, gold), table, base, max(part.rounds for part in parts))
