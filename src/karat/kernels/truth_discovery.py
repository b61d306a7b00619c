"""Truth discovery: what many sources say about the same things, weighed by how often each is right."""

from dataclasses import dataclass

import numpy as np

ROUNDS = 12  # cost: fewer may not settle, more take longer
ABSENT, SILENT = -1, -2  # no report; one that says nothing
# unproven: wrong values a source may choose from at most; Dong, Berti-Equille and Srivastava (2009) call it n
FALSE_VALUES = 5.0
# of 2, 5, 10 and 20 the best on each half of the 60 tables of benchmarks/do_no_harm.md; that comparison is not there
DRAWN = 2.0  # reports by which a source is taken for one like all
LEAST, MOST = 0.05, 0.98  # unproven: how often a source is held to be right, so that none is always believed or never
PERSON = 0.97  # unproven: how often a person who was asked is right
SAME_ITEMS, SAME_CLAIMS = 0.9, 0.95  # unproven: two sources that cover the same things and say the same are one voice
ENOUGH_SHARED = 5  # unproven: things that both speak of; fewer agree by accident


@dataclass(frozen=True, eq=False)
class Truth:
    """What was decided.

    Parameters
    ----------
    winner : ndarray of int64, shape (things,)
        Code of the value each thing most likely has; ``SILENT`` where that is nothing, ``ABSENT`` without reports.
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


class _Statements:
    """Every report, the answers that are given, and which source gives which; ``nothing`` is the code of silence."""

    def __init__(self, claims: np.ndarray, voice: np.ndarray) -> None:
        self.things, self.sources = claims.shape
        self.thing, self.source = np.nonzero(claims != ABSENT)
        self.nothing = int(claims.max(initial=0)) + 1
        said = np.where(claims >= 0, claims, self.nothing)[self.thing, self.source]
        self.silent = said == self.nothing
        answers, self.answer = np.unique(self.thing * (self.nothing + 1) + said, return_inverse=True)
        self.about, self.value = np.divmod(answers, self.nothing + 1)
        speaker = np.where(self.silent, 0, voice[self.source])  # all silence has one cause: nobody has heard yet
        self.spoken, self.voice = np.unique(self.answer * self.sources + speaker, return_inverse=True)
        self.says = self.per_source(np.where(self.silent, 0.0, 1.0))
        often = np.bincount(said[~self.silent], minlength=self.nothing + 1) / max(self.says.sum(), 1)
        self.guessed = np.maximum(often, 1 / FALSE_VALUES)[said]

    def per_source(self, amount: np.ndarray) -> np.ndarray:
        """The sum of an amount per statement, by source."""
        return np.bincount(self.source, amount, self.sources)

    def ranks(self, knows: np.ndarray, silence: np.ndarray, usual: np.ndarray) -> np.ndarray:
        """Log odds of each answer: the loudest source of each voice counts, and how usual the value is."""
        known, quiet = knows[self.source], silence[self.source]
        heard = np.log1p(known / ((1 - known) * self.guessed))
        weight = np.where(self.silent, np.log((1 - (1 - quiet) * (1 - known)) / quiet), heard)
        loudest = np.zeros(len(self.spoken))
        np.maximum.at(loudest, self.voice, weight)
        return np.bincount(self.spoken // self.sources, loudest, len(self.value)) + usual[self.value]

    def knowledge(self, share: np.ndarray, knows: np.ndarray) -> np.ndarray:
        """How often each source knows what it says, drawn towards the mean of all."""
        known = knows[self.source]
        of_these = share[self.answer] * known / (known + (1 - known) * self.guessed)
        sure = self.per_source(np.where(self.silent, 0.0, of_these))
        mean = sure.sum() / max(self.says.sum(), 1)
        return np.clip((sure + DRAWN * mean) / (self.says + DRAWN), LEAST, MOST)

    def silence(self, share: np.ndarray) -> np.ndarray:
        """How often each source says nothing where there is something to say."""
        empty = np.bincount(self.about, np.where(self.value == self.nothing, share, 0.0), self.things)
        full = 1 - empty[self.thing]
        return (self.per_source(np.where(self.silent, full, 0.0)) + 0.5) / (self.per_source(full) + 1)

    def usual(self, share: np.ndarray) -> np.ndarray:
        """Log share of the things that have each value."""
        often = np.bincount(self.value, share, self.nothing + 1)
        return np.log((often + 0.5) / (self.things + 0.5 * len(often)))


def discover_truth(claims: np.ndarray, person: int | None = None) -> Truth:
    """Weigh sources by how often they know, and values by the sources that claim them, in turns.

    A source knows the truth, or guesses what the column says often: two that guess the same rare value are unlikely.
    One that reports on a thing and says nothing bears out that there is nothing to say, the more the seldomer it is
    silent.
    The first weights come from how far independent sources agree with one another (the leading eigenvector of their
    agreement), not from a majority, which a crowd of copies or of sources with one common mistake would win.

    Parameters
    ----------
    claims : ndarray of int64, shape (things, sources)
        The code each source claims for each thing; ``SILENT`` where its report says nothing, ``ABSENT`` without one.
    person : int or None
        The source that is a person who was asked: its accuracy is known, whatever the others say.

    Source: Dong, Berti-Equille and Srivastava (2009), Integrating conflicting data: the role of source dependence;
    Dong, Saha and Srivastava (2012), Less is more: selecting sources wisely for integration (popular false values).
    """
    agreement, shared = pairwise_agreement(claims)
    voice = _voices(claims, agreement, shared)
    knows = _first_accuracy(agreement, shared, voice)
    if person is not None:
        knows[person], voice[person] = PERSON, person
    said = _Statements(claims, voice)
    silence = (said.per_source(said.silent.astype(float)) + 1) / (said.per_source(np.ones(len(said.source))) + 2)
    usual = np.zeros(said.nothing + 1)
    rank = share = np.zeros(len(said.value))
    for _ in range(ROUNDS):
        rank = said.ranks(knows, silence, usual)
        share = _shares(said.about, rank, len(claims))
        knows, silence, usual = said.knowledge(share, knows), said.silence(share), said.usual(share)
        if person is not None:
            knows[person] = PERSON
    winner, belief = np.full(len(claims), ABSENT), np.zeros(len(claims))
    order = np.lexsort((-said.value, rank))  # the best comes last; the lower code wins a draw
    winner[said.about[order]] = np.where(said.value == said.nothing, SILENT, said.value)[order]
    belief[said.about[order]] = share[order]
    right = said.per_source(np.where(said.silent, 0.0, share[said.answer]))
    return Truth(winner, belief, (right + 1) / (said.says + 2), voice)


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
