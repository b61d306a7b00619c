"""Twins and households: people who share all that a family shares and bear different names."""

from collections.abc import Sequence

import numpy as np

from karat.clean.link.comparison import Comparison
from karat.clean.link.mixture import LevelWeights
from karat.clean.link.profile import Compared

EQUAL, SLIP, SUBSTITUTION, TWO_EDITS, OTHER = range(5)
# Shares of these among names of one person and of two, before anything is seen, with the weight of so many pairs.
# One slip in an eighth of the copies (Christen 2005, febrl's default); substituted letters are mostly neighbours on
# the keyboard. Chosen on generated people with planted twins, checked on febrl 1 to 3.
ONE_PERSON = np.array([0.86, 0.08, 0.02, 0.01, 0.03])
TWO_PEOPLE = np.array([0.02, 0.01, 0.04, 0.08, 0.85])  # twins' names are often alike
PRIOR_PAIRS = 20.0  # unproven: pairs that the guess above is worth
DOUBT_PAIRS = 5.0  # flat from 2.5 to 10 (benchmarks/constants.md): pairs of one person put beside those seen
MOST_PAIRS = 4_000  # cost: pairs that names are learned from
RANDOM_PAIRS = 20_000  # cost: pairs that tell how often names agree by chance
STRONG = 2.0  # flat from 1 to 4 (benchmarks/constants.md): log odds of all else
MIN_NAMES = 15  # flat from 7 to 30 (benchmarks/constants.md): different ones that make a column of given names
ONE_WORD = 0.9  # flat from 0.818 to 0.947 (benchmarks/constants.md): of the cells
ROUNDS = 50  # cost: rounds of the EM
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def two_people(
    columns: Sequence[Compared], levels: Sequence[Comparison], weights: LevelWeights, at: np.ndarray, to: np.ndarray
) -> "Households":
    """What is known of households from pairs of which all but a name says that they are one person.

    A column of names is suspected where names differ more often, and by more, than the values of other columns do in
    the same pairs. Errors hit all columns; that the members of a family differ in their names is their nature. Two
    people have no number in common that is given to one.
    """
    evidence, total = weights.evidence(levels), weights.log_odds(levels)
    short = [place for place, column in enumerate(columns) if column.kind == "short"]
    suspected = []
    for place in short:
        if not _names(columns[place]):
            continue
        strong = np.flatnonzero(total - evidence[:, place] >= STRONG)
        strong = strong[~_same_number(columns, at[strong], to[strong])][:MOST_PAIRS]
        profiles = [_profile(columns[other], at[strong], to[strong]) for other in short if other != place]
        same = PRIOR_PAIRS * ONE_PERSON + sum(profiles, np.zeros(OTHER + 1)) / max(1, len(profiles))
        same[OTHER] = max([same[OTHER], *(seen[OTHER] for seen in profiles)])  # as often as in the worst column
        same /= same.sum()
        different = _by_chance(columns[place])
        odds = _odds(_profile(columns[place], at[strong], to[strong]), same, different)
        suspected.append((columns[place], odds, same, different))
    return Households(tuple(columns), tuple(suspected))


def _same_number(columns: Sequence[Compared], at: np.ndarray, to: np.ndarray) -> np.ndarray:
    """(p,) bool: both have the same number that is given to one, or nearly."""
    out = np.zeros(len(at), bool)
    for column in columns:
        if column.own:
            out |= _filled(column, at, to) & (classes(column, at, to) < OTHER)
    return out


def _profile(column: Compared, at: np.ndarray, to: np.ndarray) -> np.ndarray:
    """How many pairs differ in each way, blanks left out."""
    there = _filled(column, at, to)
    return np.bincount(classes(column, at[there], to[there]), minlength=OTHER + 1).astype(np.float64)


class Households:
    """Columns of names with the odds of two people and how alike names of one and of two people are."""

    def __init__(
        self, columns: tuple[Compared, ...], suspected: tuple[tuple[Compared, float, np.ndarray, np.ndarray], ...]
    ) -> None:
        self.columns, self.suspected = columns, suspected

    def corrected(self, log_odds: np.ndarray, at: np.ndarray, to: np.ndarray) -> np.ndarray:
        """(p,) log odds that pairs are one thing and not two people of a household."""
        against = np.zeros(len(at))
        for column, odds, same, different in self.suspected:
            against += odds * (different / same)[classes(column, at, to)] * _filled(column, at, to)
        against[_same_number(self.columns, at, to)] = 0.0
        out: np.ndarray = log_odds - np.logaddexp(0, np.log(against + 1e-30) + np.logaddexp(0, log_odds))
        return out


def _odds(seen: np.ndarray, same: np.ndarray, different: np.ndarray) -> float:
    """Odds that a pair is two people, by expectation-maximisation over the classes seen."""
    share = 0.5
    for _ in range(ROUNDS):
        weight = share * different / (share * different + (1 - share) * same)
        share = float((seen * weight).sum() / (seen.sum() + DOUBT_PAIRS))
    return share / (1 - share) + 1e-9


def _names(column: Compared) -> bool:
    """Is it a column of single words that tell people apart?"""
    words = [text for text in column.left if text]
    single = sum(text.replace("-", "").replace("'", "").isalpha() for text in words)
    return len({*words}) >= MIN_NAMES and single >= ONE_WORD * len(words)


def _filled(column: Compared, at: np.ndarray, to: np.ndarray) -> np.ndarray:
    return np.array(
        [bool(column.left[a] and column.right[b]) for a, b in zip(at.tolist(), to.tolist(), strict=True)], bool
    )


def _by_chance(column: Compared) -> np.ndarray:
    """How alike the names of two records are that have nothing to do with each other."""
    rng = np.random.default_rng(0)
    at, to = rng.integers(0, len(column.left), (2, RANDOM_PAIRS))
    apart = (at != to) & _filled(column, at, to)
    seen = np.bincount(classes(column, at[apart], to[apart]), minlength=OTHER + 1)
    out: np.ndarray = np.maximum(seen / max(1, seen.sum()), TWO_PEOPLE)
    return out / out.sum()


def classes(column: Compared, at: np.ndarray, to: np.ndarray) -> np.ndarray:
    """(p,) how two names differ: not at all, by a slip, by a substituted letter, by two edits, or more."""
    known: dict[tuple[str, str], int] = {}
    out = np.empty(len(at), np.int64)
    for place, (a, b) in enumerate(zip(at.tolist(), to.tolist(), strict=True)):
        pair = (column.left[a], column.right[b])
        if pair not in known:
            known[pair] = _class(*pair)
        out[place] = known[pair]
    return out


def _class(name: str, other: str) -> int:
    from rapidfuzz.distance import OSA

    distance = OSA.distance(name, other, score_cutoff=2)
    if distance != 1:
        return EQUAL if distance == 0 else TWO_EDITS if distance == 2 and max(len(name), len(other)) > 3 else OTHER
    if len(name) != len(other):
        return SLIP
    apart = [(a, b) for a, b in zip(name, other, strict=True) if a != b]
    return SLIP if len(apart) == 2 or _neighbours(*apart[0]) else SUBSTITUTION


def _neighbours(a: str, b: str) -> bool:
    """Do two letters lie side by side on a keyboard?"""
    places = {letter: (row, at + row / 2) for row, line in enumerate(KEYS) for at, letter in enumerate(line)}
    if a not in places or b not in places:
        return False
    (row, at), (other, to) = places[a], places[b]
    return abs(row - other) <= 1 and abs(at - to) <= 1
