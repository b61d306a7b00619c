"""Which columns of a table name a thing, which its source, and which hold what sources say of it; and what is true."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.degrees import NEARLY_ALL
from karat.core.schema import Column, Role
from karat.kernels.group_counts import BLANK, agreement
from karat.kernels.truth_discovery import ABSENT, SILENT, Truth, discover_truth
from karat.quality.consistency._canonical import canonical
from karat.quality.consistency._dependencies import Coded, PairAgreement

# FEWEST_THINGS flat from 2 to 10; FEWEST_SOURCES flat from 1 to 6; MOST_SOURCES flat
# from 150 to 600 (benchmarks/constants.md): fewer cannot outvote, more are no sources
FEWEST_THINGS, FEWEST_SOURCES, MOST_SOURCES = 5, 3, 300
FEWEST_REPORTS = 3.0  # per thing, on average; flat from 1.5 to 6 (benchmarks/constants.md): with two nobody is outvoted
REPEATED_BY_CHANCE = 0.3  # of the pairs that would repeat if sources spoke at random; unproven
SELDOM = 0.6  # the same, as a first look at some pairs; unproven: a loose first pass
# flat from 0.176 to 0.462 (benchmarks/constants.md): how far reports must agree beyond chance to be of one thing
BEYOND_CHANCE = 0.3
# some column's reports must agree less often than this: else a plain vote will do; 0.919 does
# as well, 0.739 worse (benchmarks/constants.md)
DISPUTED = 0.85
COVERED = 0.6  # unproven: some sources are right this often, and speak of this share of things
GOOD_SOURCE = 0.85  # flat from 0.739 to 0.919 (benchmarks/constants.md): see COVERED
MOST_CLAIMS = 20_000_000  # cost: beyond, nothing is decided


@dataclass(frozen=True)
class Reports:
    """How to read a table as reports.

    Parameters
    ----------
    thing, source : str
        Columns that name what is reported on, and who reports.
    facts : tuple of str
        Columns that hold what is reported.
    """

    thing: str
    source: str
    facts: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Fact:
    """What is true of each thing, in one column.

    Parameters
    ----------
    things : pyarrow.Array of string, length t
    texts : pyarrow.Array of string, length t
        The value that is true, as most write it; null where unknown.
    belief : ndarray of float64, shape (t,)
        Probability that it is.
    backers, speakers : ndarray of int64, shape (t,)
        Sources that say so, and sources that say anything.
    unlike : float
        How much more the sources differ in how often they are right than chance makes them.
    """

    things: pa.Array
    texts: pa.Array
    belief: np.ndarray
    backers: np.ndarray
    speakers: np.ndarray
    unlike: float


class _ReportSearch:
    """The search for reports in one table; what is asked twice is counted once."""

    def __init__(self, coded: Coded) -> None:
        self.coded = coded
        self.distinct = {name: len(values) for name, values in coded.values.items()}
        self.plain: dict[str, tuple[np.ndarray, int]] = {}
        self.disputes: dict[tuple[str, str], tuple[float, float]] = {}
        self.kinds: dict[str, list[str]] = {}

    def reported_once(self, thing: str, source: str) -> bool:
        """Does a source speak once about a thing?"""
        if self.distinct[thing] * self.distinct[source] < NEARLY_ALL * len(self.coded):
            return False
        thing_codes, source_codes = self.coded.codes[thing], self.coded.codes[source]
        both = (thing_codes >= 0) & (source_codes >= 0)
        if both.mean() < 0.9:
            return False
        pairs = len(np.unique(thing_codes[both] * self.distinct[source] + source_codes[both]))
        shares = (np.bincount(codes[both]) / both.sum() for codes in (thing_codes, source_codes))
        by_chance = both.sum() ** 2 / 2 * float(np.prod([(share**2).sum() for share in shares]))
        # where so many pairs are possible that hardly any would repeat, that none does says nothing
        return pairs >= NEARLY_ALL * both.sum() and both.sum() - pairs < REPEATED_BY_CHANCE * by_chance

    def disputed(self, thing: str, fact: str) -> tuple[float, float]:
        """How far the thing decides the fact beyond chance, and how often its reports agree, however written."""
        if (thing, fact) not in self.disputes:
            self.disputes[thing, fact] = self._disputed(thing, fact)
        return self.disputes[thing, fact]

    def own_affair(self, thing: str, source: str, fact: str) -> bool:
        """Do all sources of one kind (one region, one owner) report alike: is it true of the kind, and no dispute?"""
        if source not in self.kinds:
            self.kinds[source] = [name for name in self.distinct if name != source and self._is_kind(name, source)]
        things = self.coded.codes[thing]
        for kind in self.kinds[source]:
            if kind in (thing, fact):
                continue
            kinds, distinct = self.coded.codes[kind], self.distinct[kind]
            both = np.where((things >= 0) & (kinds >= 0), things * distinct + kinds, BLANK)
            agree, beyond, _ = agreement(both, self.coded.codes[fact], self.distinct[fact])
            if agree >= NEARLY_ALL and beyond >= BEYOND_CHANCE:
                return True
        return False

    def _is_kind(self, kind: str, source: str) -> bool:
        """Does each source stand beside one value of a column?"""
        distinct = self.distinct[kind]
        same, _, _ = agreement(self.coded.codes[source], self.coded.codes[kind], max(distinct, 1))
        return distinct >= 2 and same >= NEARLY_ALL

    def _disputed(self, thing: str, fact: str) -> tuple[float, float]:
        if not 2 <= self.distinct[fact] <= 0.9 * len(self.coded):
            return 0.0, 1.0
        if agreement(self.coded.codes[thing], self.coded.codes[fact], self.distinct[fact])[1] < BEYOND_CHANCE / 2:
            return 0.0, 1.0
        if fact not in self.plain:
            self.plain[fact] = _plain_codes(self.coded.values[fact].to_pylist())
        plain, size = self.plain[fact]
        agree, beyond, groups = agreement(self.coded.codes[thing], plain[self.coded.codes[fact]], size)
        return (beyond, agree) if groups >= FEWEST_THINGS else (0.0, 1.0)


def find_reports(block: Block, columns: list[Column]) -> Reports | None:
    """The columns to read as thing, source and facts; None when the table holds no disputed reports."""
    search = _ReportSearch(Coded.of(block))
    distinct, most = search.distinct, len(block) / FEWEST_REPORTS
    things = [c.name for c in columns if FEWEST_THINGS <= distinct[c.name] <= most]
    sources = [
        c.name
        for c in columns
        if FEWEST_SOURCES <= distinct[c.name] <= min(MOST_SOURCES, most)
        and (c.role == Role.SOURCE or (not c.numeric and c.role != Role.TIME))
    ]
    best: tuple[float, Reports] | None = None
    neighbours = PairAgreement(search.coded, sources)
    for thing in things:
        repeated = neighbours.agree(thing)
        if repeated is None:
            continue
        for source, seldom in zip(sources, repeated < SELDOM * neighbours.chance, strict=True):
            if thing == source or not seldom or not search.reported_once(thing, source):
                continue
            disputes = {c.name: search.disputed(thing, c.name) for c in columns if c.name not in (thing, source)}
            facts = tuple(
                name
                for name, (beyond, agreement) in disputes.items()
                if beyond >= BEYOND_CHANCE and (agreement >= NEARLY_ALL or not search.own_affair(thing, source, name))
            )
            score = (
                sum(disputes[name][0] for name in facts) - distinct[thing]
            )  # what splits a thing's reports is a fact, not a thing
            if facts and (best is None or score > best[0]):
                best = score, Reports(thing, source, facts)
    if best is None or all(search.disputed(best[1].thing, name)[1] >= DISPUTED for name in best[1].facts):
        return None
    return best[1]


def _plain_codes(texts: list[str]) -> tuple[np.ndarray, int]:
    """Per text the code of its key, ``BLANK`` for a null word, one more ``BLANK`` at the end; and how many keys."""
    place: dict[str, int] = {}
    codes = [BLANK if key is None else place.setdefault(key, len(place)) for key in canonical(texts)]
    return np.array([*codes, BLANK], np.int64), max(len(place), 1)


PERSON = "a person who was asked\x00"  # no source is called so


def decide(things: pa.Array, sources: pa.Array, said: pa.Array) -> Fact | None:
    """What is true of each thing; None when no source can be trusted or there is too much to weigh.

    Parameters
    ----------
    things, sources, said : pyarrow.Array of string, length n
        One report each; null where nothing is said. What ``PERSON`` reports comes from somebody who was asked.
    """
    thing, source, value = (pc.dictionary_encode(part) for part in (things, sources, said))
    if len(thing.dictionary) * len(source.dictionary) > MOST_CLAIMS or not len(value.dictionary):
        return None
    at_thing, at_source, at_value = (
        pc.fill_null(part.indices, BLANK).to_numpy().astype(np.int64) for part in (thing, source, value)
    )
    plain, size = _plain_codes(value.dictionary.to_pylist())
    codes = plain[at_value]
    reported = (at_thing >= 0) & (at_source >= 0)
    complete = reported & (codes >= 0)
    claims = np.full((len(thing.dictionary), len(source.dictionary)), ABSENT)
    claims[at_thing[reported], at_source[reported]] = SILENT
    claims[at_thing[complete], at_source[complete]] = codes[complete]
    person = pc.index(source.dictionary, PERSON).as_py()
    truth = discover_truth(claims, person if person >= 0 else None)
    if not _trusted(claims, truth):
        return None
    usual = _usual_writing(at_value[complete], codes[complete], size, value.dictionary)
    texts = value.dictionary.take(pa.array(np.where(truth.winner >= 0, usual[truth.winner], 0)))
    texts = pc.if_else(pa.array(truth.winner >= 0), texts, None)
    backers = (claims == truth.winner[:, None]).sum(axis=1) * (truth.winner >= 0)
    speakers = (claims >= 0).sum(axis=1)
    return Fact(thing.dictionary, texts, truth.belief, backers, speakers, _unlike(claims, truth))


def _trusted(claims: np.ndarray, truth: Truth) -> bool:
    """Are there sources that are mostly right and speak of most things?"""
    good = truth.accuracy >= GOOD_SOURCE
    spoken = (claims >= 0).any(axis=1)
    covered = (claims[:, good] >= 0).any(axis=1)
    return bool(good.sum() >= 2 and covered.sum() >= COVERED * max(spoken.sum(), 1))


def _unlike(claims: np.ndarray, truth: Truth) -> float:
    """How much more sources differ in how often they are right than chance makes them: chi-square by its freedom."""
    said = (claims >= 0) & (truth.winner >= 0)[:, None]
    reports, wrong = said.sum(axis=0), (said & (claims != truth.winner[:, None])).sum(axis=0)
    expected = reports * (wrong.sum() / max(reports.sum(), 1))
    spread = (wrong - expected) ** 2 / np.maximum(expected * (1 - expected / np.maximum(reports, 1)), 1e-9)
    several = reports > 0
    return float(spread[several].sum() / max(several.sum() - 1, 1))


def _usual_writing(texts: np.ndarray, codes: np.ndarray, size: int, written: pa.Array) -> np.ndarray:
    """(size,) the text to write for each key: of the shape the column uses most, then the one most reports use."""
    shapes = pc.replace_substring_regex(pc.replace_substring_regex(written, r"[0-9]+", "9"), r"\pL+", "a")
    shape = pc.dictionary_encode(shapes).indices.to_numpy()
    often = np.bincount(shape[texts], minlength=len(shape))
    pairs, count = np.unique(codes * len(written) + texts, return_counts=True)
    key, text = np.divmod(pairs, len(written))
    order = np.lexsort((-text, count, often[shape[text]]))
    usual = np.zeros(size, np.int64)
    usual[key[order]] = text[order]
    return usual
