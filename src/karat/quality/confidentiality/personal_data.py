"""Columns that hold personal data."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.core.finding import Dimension
from karat.core.measure import Measure
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Check
from karat.quality.confidentiality.entities import chosen, first, masked
from karat.quality.confidentiality.entity import Entity
from karat.quality.confidentiality.labels import ASKS_FOR_WORDS, column_of_things

TREATMENTS = ("mask", "hash", "drop", "keep")
MAX_NUMBERS = 2_048  # cost: distinct numbers beyond are not looked at
PLAIN = r"^[+-]?[0-9]{0,9}(\.[0-9]*)?$"  # a short or broken number is nobody's


@dataclass(frozen=True)
class PersonalCounts:
    """How many records hold each kind of personal data, by column and kind, and one masked example of each.

    Parameters
    ----------
    cells : dict of str to int
        Filled cells by column.
    hits : dict of tuple (column, kind) to int
    examples : dict of tuple (column, kind) to str
        The first one met, already masked.
    """

    cells: dict[str, int]
    hits: dict[tuple[str, str], int]
    examples: dict[tuple[str, str], str]

    def merge(self, other: Self) -> "PersonalCounts":
        cells = {name: count + other.cells.get(name, 0) for name, count in self.cells.items()}
        keys = [*self.hits, *(key for key in other.hits if key not in self.hits)]
        hits = {key: self.hits.get(key, 0) + other.hits.get(key, 0) for key in keys}
        return PersonalCounts(cells, hits, other.examples | self.examples)


@dataclass(frozen=True)
class PersonalData(Check):
    """E-mail addresses, phone, identity and card numbers, passports, internet addresses and secret keys.

    One finding per column and kind, with a masked example; digits count only when their checksum fits or nearly the
    whole column has the form. Who trains on such a column, or shows it, answers for it.

    Parameters
    ----------
    entities : tuple of str
        Kinds to look for, all when empty. An unknown one is an error, never skipped.
    min_share : float
        A kind whose form is no proof must fill this share of a column before it is named with certainty.
    treat : str
        What is done in the documents of a corpus: "mask", "hash", "drop" or "keep".
    names : bool
        In the documents of a corpus, names of people and postal addresses too, in English and Chinese: they are
        recognised by the words around, miss some, and take names of the famous with them.

    Raises
    ------
    OptionError
        ``treat`` is none of these.

    Source: GB 11643-1999, ISO/IEC 7812-1, ISO 13616; ISO/IEC 5259-2, identifiability ratio.
    """

    dimension: ClassVar[Dimension] = Dimension.CONFIDENTIALITY
    kinds: ClassVar[frozenset[str]] = Check.kinds | {"chat"}
    measure_name: ClassVar[str] = "identifiability ratio"
    unit: ClassVar[str] = "columns"
    at_the_door: ClassVar[bool] = False

    entities: tuple[str, ...] = ()
    min_share: float = 0.5
    treat: str = TREATMENTS[0]
    names: bool = False

    def __post_init__(self) -> None:
        if self.treat not in TREATMENTS:
            raise OptionError.unknown("treatment of personal data", self.treat, TREATMENTS)
        chosen(self.entities)

    def learn(self, block: Block) -> PersonalCounts:
        wanted = chosen(self.entities)
        cells: dict[str, int] = {}
        hits: dict[tuple[str, str], int] = {}
        examples: dict[tuple[str, str], str] = {}
        likely = _likely(block, wanted)
        for column in filter(_looked_at, block.schema):
            codes, values = block.coded(column.name)
            counts = np.bincount(codes[codes >= 0], minlength=len(values))
            if column.numeric:  # numbers are all of one form: the first ones tell
                values, counts = values[:MAX_NUMBERS], counts[:MAX_NUMBERS]
            cells[column.name] = int(counts.sum())
            kinds = tuple(e for e in likely.get(column.name, wanted) if not column_of_things(column.name, e.name))
            for at, kind, text in _met(values, kinds, column.name) if kinds else ():
                key = (column.name, kind.name)
                hits[key] = hits.get(key, 0) + int(counts[at].sum())
                examples.setdefault(key, masked(text))
        return PersonalCounts(cells, hits, examples)

    def conclude(self, state: PersonalCounts, schema: Schema) -> pa.Table:
        parts = [self.found(0, confidence=[], message=[])]
        known = {entity.name: entity for entity in reversed(chosen(self.entities))}  # the form before the word
        for (column, kind), hits in sorted(state.hits.items()):
            sure = self._sure(known[kind], hits, state.cells[column])
            if sure < 0.2:
                continue
            parts.append(
                self.found(
                    1,
                    column=column,
                    value=state.examples[column, kind],
                    confidence=sure,
                    message=f"{hits} of {state.cells[column]} filled cells hold what looks like {kind}, such as "
                    f"{state.examples[column, kind]}",
                )
            )
        return pa.concat_tables(parts)

    def _sure(self, entity: Entity, hits: int, cells: int) -> float:
        """A form with a checksum or a sign of its own is certain; other digits must fill the column."""
        share = hits / max(1, cells)
        if entity.certain >= 0.95 or share >= self.min_share:
            return entity.certain
        return entity.certain * max(0.3, share)

    def measures(self, state: PersonalCounts, schema: Schema, findings: pa.Table) -> list[Measure]:
        conclusions = self.conclude(state, schema)
        sure = conclusions.filter(pc.greater_equal(conclusions["confidence"], 0.5))
        total = len(state.cells)
        bad = len(pc.unique(sure["column"]))
        return [Measure(self.measure_name, self.standard, bad, total, self.unit)] if total else []


def _looked_at(column: Column) -> bool:
    return column.type not in ("binary", "timestamp") and column.role not in (Role.TIME, Role.IGNORE)


def _likely(block: Block, wanted: tuple[Entity, ...]) -> dict[str, list[Entity]]:
    """The kinds of which a text has the form, of each short column of many: each form is asked of all at once."""
    places = {c.name: place for c in block.schema if _looked_at(c) and (place := block.place(c.name))}
    likely: dict[str, list[Entity]] = {name: [] for name in places}
    looks = {name: place.answers("personal", _worth_a_look) for name, place in places.items()}
    if not (names := [name for name, looked in looks.items() if looked.any()]):
        return likely
    texts = pa.concat_arrays([places[name].texts.filter(pa.array(looks[name])) for name in names])
    home = np.repeat(np.arange(len(names)), [np.count_nonzero(looks[name]) for name in names])
    named = _named(pa.array(names).take(pa.array(home)), texts)
    for entity in wanted:
        near = pc.match_substring_regex(named if entity.keyed else texts, _bare(entity.pattern.pattern))
        for at in np.unique(home[np.asarray(near)]).tolist():
            likely[names[at]].append(entity)
    return likely


def _met(values: pa.Array, wanted: tuple[Entity, ...], name: str) -> Iterator[tuple[np.ndarray, Entity, str]]:
    """The places of the texts that hold each kind, the kind, and the first that was met; a text counts for one kind."""
    at = np.flatnonzero(_worth_a_look(values))
    for entity in wanted:  # one form at a time: all in one expression are a hundred times slower
        if not len(at):
            return
        here = values.take(pa.array(at))
        form = _bare(entity.pattern.pattern)
        near = np.flatnonzero(np.asarray(pc.match_substring_regex(_named(name, here) if entity.keyed else here, form)))
        matched = np.zeros(len(at), bool)
        if not (entity.proves_more or entity.keyed or entity.name in ASKS_FOR_WORDS):  # the form alone says it
            matched[near] = np.asarray(pc.match_substring_regex(here.take(pa.array(near)), f"^(?:{form})$"))
        for place in near[~matched[near]].tolist():
            matched[place] = first(entity, f"{name}: {here[place].as_py()}") is not None
        if matched.any():
            match = first(entity, f"{name}: {here[int(np.argmax(matched))].as_py()}")
            yield at[matched], entity, match or ""
        at = at[~matched]


def _named(name: str | pa.Array, cells: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(name, cells, ": ")


def _worth_a_look(values: pa.Array) -> np.ndarray:
    """(k,) bool: long enough for personal data, and no plain number or word."""
    return np.asarray(pc.and_not(pc.greater_equal(pc.utf8_length(values), 7), pc.match_substring_regex(values, PLAIN)))


def _bare(pattern: str) -> str:
    """A form without what must not stand around it, which Arrow's expressions cannot say."""
    return re.sub(r"\(\?<?!(?:\[[^\]]*\]|[^()\[\]])*\)", "", pattern)
