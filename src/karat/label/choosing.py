"""Which method to believe: by known answers where there are some, else by what the votes show, and said so."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from karat.core.degrees import ALMOST_ALL
from karat.label.confidence import cooled, temperature
from karat.label.expectation import Gold, LabelEstimate, Method, softmax
from karat.label.pooled_confusion import shared_confusion
from karat.label.votes import Votes

ENOUGH_GOLD = 8  # fewer known answers decide nothing between methods; flat from 4 to 16 (benchmarks/constants.md)
# unproven: less mistrusts voters who agree, more believes those who err together
SHARED = 0.05  # correlation of surprises from which agreement is no longer taken for proof
# what each method that is made for a kind of votes is taken for, where there are such votes
TAKEN_FIRST = {
    "end_model": "the items have texts, and few votes each: a model of the texts carries them over",
    "label_model": "nearly every voter only ever says one class, as rules do",
    "seen_parts": "parts of answers: each voter finds true ones and adds false ones at rates of their own",
    "ordinal_scale": "levels in order: voters miss the true one by a bias and a spread of their own",
}
FOLDS = 5  # the same as scikit-learn's default of cv


@dataclass(frozen=True, eq=False)
class Contender:
    """A method, what it found, and how it did on known answers.

    Parameters
    ----------
    belief : ndarray of float64, shape (n, k)
        Calibrated.
    right : ndarray of bool, shape (g,)
        Per known answer, given without telling the method that one; empty without known answers.
    loss : ndarray of float64, shape (g,)
        Brier score per known answer, in [0, 2].
    said : ndarray of float64, shape (g,)
        Confidence of the label of each known answer.
    """

    name: str
    method: Method
    estimate: LabelEstimate
    belief: np.ndarray
    right: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    loss: np.ndarray = field(default_factory=lambda: np.zeros(0))
    said: np.ndarray = field(default_factory=lambda: np.zeros(0))


def contenders(votes: Votes, methods: Mapping[str, Method], gold: Gold | None, seed: int = 0) -> list[Contender]:
    """Every method's answer; with known answers enough, also its answer to each of them when it is held back.

    Parameters
    ----------
    methods : mapping of str to Method
        In the order in which they win ties.
    seed : int
        Draws the folds of the known answers.
    """
    return [contender(votes, name, method, gold, seed) for name, method in methods.items()]


def contender(votes: Votes, name: str, method: Method, gold: Gold | None, seed: int = 0) -> Contender:
    """One method's answer."""
    estimate = method.estimate(votes, gold)
    if gold is None or len(gold) < ENOUGH_GOLD:
        return Contender(name, method, estimate, cooled(votes, estimate))
    logits, label = _held_back(votes, method, gold, seed)
    belief = cooled(votes, estimate, (logits, gold.label))
    answer = softmax(temperature(votes, estimate, (logits, gold.label)) * logits)
    truth = np.eye(answer.shape[1])[gold.label]
    loss, stated = ((answer - truth) ** 2).sum(axis=1), answer.max(axis=1)
    return Contender(name, method, estimate, belief, label == gold.label, loss, stated)


def _held_back(votes: Votes, method: Method, gold: Gold, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits (g, k) and labels (g,) of known answers, each from a run that was not told it."""
    n, _, k = votes.shape
    fold = np.random.default_rng(seed).permutation(len(gold)) % FOLDS
    logits, label = np.zeros((len(gold), k)), np.zeros(len(gold), np.int64)
    for left_out in range(FOLDS):
        part = fold == left_out
        estimate = method.estimate(votes, gold.only(~part))
        asked = np.zeros(n, bool)
        asked[gold.item[part]] = True
        base = np.broadcast_to(estimate.base, (n, k))
        said = votes.only(asked[votes.item]).evidence(estimate.table) + base
        logits[part], label[part] = said[gold.item[part]], estimate.belief[gold.item[part]].argmax(axis=1)
    return logits, label


def by_gold(field_of: list[Contender]) -> tuple[Contender, str]:
    """The contender with the least Brier score on held-back answers, and why.

    The Brier score weighs a confident mistake more than a doubtful one, so that thirty answers tell methods apart
    which differ on two or three of them.
    """
    best = min(field_of, key=lambda candidate: float(candidate.loss.mean()))
    count = len(best.right)
    rest = sorted((rival for rival in field_of if rival is not best), key=lambda rival: float(rival.loss.mean()))
    why = f"right on {int(best.right.sum())} of {count} known answers it had not seen"
    if rest:
        gap = rest[0].loss - best.loss
        error = float(gap.std(ddof=1) / np.sqrt(count)) if count > 1 else 0.0
        clear = "clearly" if gap.mean() > 2 * error else "narrowly"
        why += f", {clear} ahead of {rest[0].name} ({int(rest[0].right.sum())}) by Brier score"
    return best, why


def by_votes(votes: Votes, field_of: dict[str, Contender]) -> tuple[Contender, str]:
    """The contender to take without known answers, and why."""
    for name, why in TAKEN_FIRST.items():
        if name in field_of and not (name == "end_model" and "label_model" in field_of and not _speaks(field_of)):
            return field_of[name], field_of[name].estimate.note or why
    if "dawid_skene" not in field_of:
        return field_of["majority"], "counts alone do not say who cast the votes"
    together = shared_confusion(votes.leading(), field_of["dawid_skene"].estimate)
    if together >= SHARED and "majority" in field_of:
        return field_of["majority"], (
            f"voters err together (their surprises on an item correlate at {together:.2f}), so that their agreement is "
            "no proof and the method that assumes least is taken; a few known answers would tell"
        )
    name = "consensus" if "consensus" in field_of else "dawid_skene"
    return field_of[name], (
        f"voters err independently as far as can be seen (their surprises on an item correlate at {together:.2f}), so "
        "that what each confuses can be learned from agreement"
    )


def _speaks(field_of: dict[str, Contender]) -> bool:
    """The model of the texts is believed anywhere, as it says itself."""
    return bool(field_of["end_model"].estimate.note)


def looks_like_rules(votes: Votes) -> bool:
    """Do nearly all votes come from voters who only ever say one class, and not all the same?"""
    said = votes.by_voter()
    cast = said.sum(axis=1)
    pure = (said.max(axis=1) >= cast) & (cast >= 2)
    favourites = said[pure].sum(axis=0) / max(len(votes), 1)
    return bool(favourites.sum() >= ALMOST_ALL and (favourites > 0.02).sum() > 1)
