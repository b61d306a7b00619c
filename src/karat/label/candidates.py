"""Answers of several parts, each part put to the vote: was it there, say those who looked at the item?

A label, a span or a box that somebody gave is a candidate. Everybody who answered about the item has voted on it: yes
where their answer holds it, no where it does not. So every method for two classes works on parts.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from karat.label.votes import Votes

NO, YES = 0, 1


@dataclass(frozen=True, eq=False)
class TextCandidates:
    """Parts that were given, and by whom.

    Parameters
    ----------
    item : ndarray of int64, shape (c,)
        The item of each candidate.
    candidate, voter : ndarray of int64, shape (y,)
        One entry a part of an answer: the candidate it belongs to, and who gave it.
    """

    item: np.ndarray
    candidate: np.ndarray
    voter: np.ndarray


def yes_no_votes(candidates: TextCandidates, item: np.ndarray, voter: np.ndarray, voters: pa.Array) -> Votes:
    """Votes for two classes, "no" and "yes", on every candidate by everybody who answered about its item.

    Parameters
    ----------
    item, voter : ndarray of int, shape (m,)
        The answers: about which item, by whom.
    """
    order = np.argsort(item, kind="stable")
    size = np.bincount(item, minlength=int(candidates.item.max(initial=-1)) + 1)
    start = np.cumsum(size) - size
    asked = size[candidates.item]
    place = np.repeat(np.arange(len(asked)), asked)
    within = np.arange(len(place)) - np.repeat(np.cumsum(asked) - asked, asked)
    who = voter[order][start[candidates.item][place] + within]
    given = candidates.candidate * (len(voters) + 1) + candidates.voter
    label = np.isin(place * (len(voters) + 1) + who, given)
    names = pa.array([str(at) for at in range(len(asked))], pa.large_string())
    classes = pa.array(["no", "yes"], pa.large_string())
    codes = (place.astype(np.int32), who.astype(np.int32), label.astype(np.int32))
    return Votes(names, voters.cast(pa.large_string()), classes, *codes)


def clusters(overlap: np.ndarray, voter: np.ndarray, label: np.ndarray, least: float) -> np.ndarray:
    """Parts of one item that mean the same thing: (p,) cluster of each.

    Pairs are joined from the nearest on, those of one label first; a cluster has at most one part of each voter, and
    its parts overlap by ``least`` on average. The order of the parts decides nothing but ties.

    Parameters
    ----------
    overlap : ndarray of float64, shape (p, p)
        In [0, 1].
    voter, label : ndarray of int, shape (p,)
    """
    count = len(voter)
    member = [[at] for at in range(count)]
    home = list(range(count))
    left, right = np.triu_indices(count, 1)
    near = overlap[left, right]
    kept = (near >= least) & (voter[left] != voter[right])
    left, right, near = left[kept], right[kept], near[kept]
    order = np.lexsort((right, left, -near, label[left] != label[right]))
    for at in order.tolist():
        one, other = home[left[at]], home[right[at]]
        if one == other:
            continue
        shared = {int(voter[m]) for m in member[one]} & {int(voter[m]) for m in member[other]}
        if shared or overlap[np.ix_(member[one], member[other])].mean() < least:
            continue
        for moved in member[other]:
            home[moved] = one
        member[one] += member[other]
        member[other] = []
    return np.unique(home, return_inverse=True)[1]
