"""How many records are equal by coincidence, estimated with the dependence between columns."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from karat.core.counts import RecordSample
from karat.core.schema import Schema
from karat.quality.consistency.record_hash import cell_terms

MOST_PARTS = 12  # cost: columns of wider tables are taken together in so many parts, 66 pairs of parts


@dataclass(frozen=True)
class Coincidence:
    """Pairs of records to be expected in the whole data set, from a sample.

    Parameters
    ----------
    equal : float
        Pairs that are equal in all columns though they have nothing to do with each other.
    seen : float
        Pairs that are equal in all columns, whatever the reason.
    nearly : dict of str to float
        By column, the share of all pairs that agree in every column but this one.
    """

    equal: float
    seen: float
    nearly: dict[str, float]


def pairs(keys: np.ndarray) -> int:
    """How many pairs of equal keys there are."""
    counts = np.unique(keys, return_counts=True)[1].astype(np.int64)
    return int((counts * (counts - 1) // 2).sum())


def coincidence(sample: RecordSample, schema: Schema, names: tuple[str, ...]) -> Coincidence:
    """What chance makes of a table, told by the pairs of records that differ in one and in two columns.

    If a and b are two columns, and no more than two columns at a time depend on each other given the others, then
    the pairs equal in all columns are to those that differ in a alone as those that differ in b alone are to those
    that differ in both. Columns that decide each other are thus allowed for; their independence is not assumed.

    A record with a value that no other record has cannot be equal to another by chance and is left out; so are
    altered copies, whose slips occur once.

    Parameters
    ----------
    names : tuple of str
        The columns to compare.
    """
    block = sample.block(schema)
    terms = cell_terms(block, names)
    total = terms.sum(axis=0, dtype=np.uint64)
    possible = max(1.0, len(total) * (len(total) - 1) / 2)
    equal = pairs(total)
    nearly = {name: (pairs(total - term) - equal) / possible for name, term in zip(names, terms, strict=True)}
    scale = sample.records * (sample.records - 1) / 2 / possible
    if len(names) == 1:
        return Coincidence(float(equal * scale), float(equal * scale), nearly)
    usual = _usual(terms, total)
    return Coincidence(_extrapolated(terms[:, usual]) * scale, float(equal * scale), nearly)


def _usual(terms: np.ndarray, total: np.ndarray) -> np.ndarray:
    """(n,) bool: records whose every value occurs in another record that is not a copy of them."""
    first = np.unique(total, return_index=True)[1]
    usual = np.ones(len(total), bool)
    for term in terms:
        values, counts = np.unique(term[first], return_counts=True)
        usual &= counts[np.searchsorted(values, term)] > 1
    return usual


def _extrapolated(terms: np.ndarray) -> float:
    """Pairs expected to differ in no part of the columns, from those that differ in one and in two."""
    parts = _Parts([terms[at::MOST_PARTS].sum(axis=0, dtype=np.uint64) for at in range(min(MOST_PARTS, len(terms)))])
    parts.join()
    ones = np.array(parts.ones, np.float64)
    products = (ones.sum() ** 2 - (ones**2).sum()) / 2
    return float(products / max(1, np.triu(parts.both, 1).sum()))


class _Parts:
    """Parts of the columns: pairs of records that differ in one of them alone, and in two."""

    def __init__(self, terms: list[np.ndarray]) -> None:
        self.terms = terms
        self.total: np.ndarray = np.stack(terms).sum(axis=0, dtype=np.uint64)
        self.equal = pairs(self.total)
        self.ones = [self._alone(term) for term in terms]
        self.both = np.zeros((len(terms), len(terms)))
        for at in range(len(terms)):
            self._pair(at, range(at))

    def _alone(self, term: np.ndarray) -> int:
        rest: np.ndarray = self.total - term
        return pairs(rest) - self.equal

    def _pair(self, at: int, others: Iterable[int]) -> None:
        for to in others:
            seen = self._alone(self.terms[at] + self.terms[to]) - self.ones[at] - self.ones[to]
            self.both[at, to] = self.both[to, at] = seen

    def join(self) -> None:
        """Take together what never differs alone: a sum and its parts, a code and its name say one thing."""
        while len(self.terms) > 2 and 0 in self.ones:
            at = self.ones.index(0)
            to = int(np.argmax(np.where(np.arange(len(self.terms)) == at, -1, self.both[at])))
            self.terms[to] = self.terms[to] + self.terms[at]
            del self.terms[at], self.ones[at]
            self.both = np.delete(np.delete(self.both, at, 0), at, 1)
            to -= at < to
            self.ones[to] = self._alone(self.terms[to])
            self._pair(to, [other for other in range(len(self.terms)) if other != to])
