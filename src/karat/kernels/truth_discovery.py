"""Truth discovery: what many sources say about the same things, weighed by how often each is right."""

from dataclasses import dataclass

import numpy as np

ROUNDS = 12
FALSE_VALUES = 5.0  # wrong values a source may choose from; Dong, Berti-Equille and Srivastava (2009) call it n
LEAST, MOST = 0.05, 0.98
PERSON = 0.97  # how often a person who was asked is right
SAME_ITEMS, SAME_CLAIMS = 0.9, 0.95  # two sources that cover the same things and say the same are one voice
ENOUGH_SHARED = 5


@dataclass(frozen=True, eq=False)
class Truth:
    """What was decided.

    Parameters
    ----------
    winner : ndarray of int64, shape (things,)
        Code of the value each thing most likely has; -1 where nobody says anything.
    belief : ndarray of float64, shape (things,)
        Probability of that value among those claimed.
    accuracy : ndarray of float64, shape (sources,)
        How often each source is right.
    voice : ndarray of int64, shape (sources,)
        Sources that copy one another share a voice.
    """

    winner: np.ndarray
    belief: np.ndarray
    accuracy: np.ndarray
    voice: np.ndarray


def discover_truth(claims: np.ndarray, person: int | None = None) -> Truth:
    """Weigh sources by how often they are right, and values by the sources that claim them, in turns.

    The first weights come from how far independent sources agree with one another (the leading eigenvector of their
    agreement), not from a majority, which a crowd of copies or of sources with one common mistake would win.

    Parameters
    ----------
    claims : ndarray of int64, shape (things, sources)
        The code each source claims for each thing; negative where it says nothing.
    person : int or None
        The source that is a person who was asked: its accuracy is known, whatever the others say.

    Source: Dong, Berti-Equille and Srivastava (2009), Integrating conflicting data: the role of source dependence.
    """
    agreement, shared = pairwise_agreement(claims)
    voice = _voices(claims, agreement, shared)
    accuracy = _first_accuracy(agreement, shared, voice)
    if person is not None:
        accuracy[person], voice[person] = PERSON, person
    thing, source = np.nonzero(claims >= 0)
    said = claims[thing, source]
    size = int(claims.max(initial=0)) + 1
    answer, of_claim = np.unique(thing * size + said, return_inverse=True)
    spoken, of_voice = np.unique(of_claim * claims.shape[1] + voice[source], return_inverse=True)
    rank: np.ndarray = np.zeros(len(answer))
    for _ in range(ROUNDS):
        weight = np.maximum(np.log(accuracy * FALSE_VALUES / (1 - accuracy)), 0.01)
        loudest = np.zeros(len(spoken))
        np.maximum.at(loudest, of_voice, weight[source])
        rank = np.bincount(spoken // claims.shape[1], loudest, len(answer))
        probability = _shares(answer // size, rank, len(claims))
        right = np.bincount(source, probability[of_claim], claims.shape[1])
        accuracy = np.clip((right + 1.0) / (np.bincount(source, minlength=claims.shape[1]) + 2.0), LEAST, MOST)
        if person is not None:
            accuracy[person] = PERSON
    winner, belief = np.full(len(claims), -1), np.zeros(len(claims))
    order = np.lexsort((-answer, rank))  # the best comes last; the lower code wins a draw
    winner[answer[order] // size] = answer[order] % size
    belief[answer[order] // size] = _shares(answer // size, rank, len(claims))[order]
    return Truth(winner, belief, accuracy, voice)


def pairwise_agreement(claims: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How often two sources say the same of what both speak of, and of how many things that is; (sources, sources)."""
    speaks = claims >= 0
    shared = speaks.T.astype(np.float64) @ speaks
    same = np.array([((claims == claims[:, [at]]) & speaks).sum(axis=0) for at in range(claims.shape[1])], np.float64)
    return same / np.maximum(shared, 1), shared


def _voices(claims: np.ndarray, agreement: np.ndarray, shared: np.ndarray) -> np.ndarray:
    spoken = (claims >= 0).sum(axis=0)
    overlap = shared / np.maximum(spoken[:, None] + spoken - shared, 1)
    copies = (shared >= ENOUGH_SHARED) & (overlap >= SAME_ITEMS) & (agreement >= SAME_CLAIMS)
    voice = np.arange(claims.shape[1])
    for source, other in np.argwhere(np.tril(copies, -1)):
        voice[voice == voice[source]] = voice[other]
    return voice


def _first_accuracy(agreement: np.ndarray, shared: np.ndarray, voice: np.ndarray) -> np.ndarray:
    copies = np.bincount(voice, minlength=len(voice))[voice]
    weight = np.where((voice[:, None] != voice) & (shared > 0), np.minimum(shared, 20.0), 0.0) / copies
    cautious = (agreement * shared + 1.0) / (shared + 3.0)
    accuracy = np.ones(len(voice))
    for _ in range(30):
        accuracy = (weight * cautious * accuracy).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9)
        accuracy /= max(accuracy.max(), 1e-9)
    clipped: np.ndarray = np.clip(accuracy, LEAST, 0.95)
    return clipped


def _shares(thing: np.ndarray, rank: np.ndarray, things: int) -> np.ndarray:
    """Soft-max of the ranks within each thing."""
    top = np.full(things, -np.inf)
    np.maximum.at(top, thing, rank)
    raw = np.exp(rank - top[thing])
    share: np.ndarray = raw / np.bincount(thing, raw, things)[thing]
    return share
