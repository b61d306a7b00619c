"""Decides over every document from what was measured; nothing is read again."""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa

from karat.core.schema import Schema
from karat.flow.corpus import rules
from karat.flow.corpus.shelf import Parts
from karat.flow.corpus.verdicts import Verdicts
from karat.flow.guard import Coded, Guard, Limits, Stop
from karat.quality.documents import DocumentCheck, DocumentFacts, Objection

LENGTH = "length"
STRATA = ("source", "language", "class", LENGTH)
LEAST_SHARE = 1 / 500  # of the corpus: of the thousands of sites of a crawl some are all rubbish
EDGES = np.array([0, 50, 200, 1_000, 5_000, 20_000, 100_000])  # characters; about a factor of five apart


def guard_of(limits: Limits, unlimited: Collection[str]) -> Guard:
    """The guard of documents, which watches sources, languages, classes and lengths."""
    return Guard(Schema(()), limits, unlimited=unlimited, least_share=LEAST_SHARE, minority=(LENGTH,))


def by_content(
    parts: Parts,
    checks: Sequence[DocumentCheck],
    guard: Guard,
    verdicts: Verdicts,
    allowed: Collection[str],
    tick: Callable[[int, int], None],
) -> list[Stop]:
    """Drop documents for what stands in them, whatever the others are; returns the steps that the guard stopped.

    A check counts with all documents it objects to, also those that another check would drop before it.
    """
    for at in range(len(parts)):
        facts, first = parts.facts(at), int(parts.first_rows[at])
        coded = strata(facts)
        guard.add(facts.num_rows, coded)
        for check, made in objections(rules.facts_of(facts), checks):
            places = np.unique(np.concatenate([one.places for one in made]))
            places = places[verdicts.in_reach(check.code(), places + first)]
            watch(guard, check, places + first, places, coded)
    stops = guard.stopped(allowed)
    stopped = {stop.step for stop in stops}
    for at in range(len(parts)):
        first = int(parts.first_rows[at])
        for check, made in objections(rules.facts_of(parts.facts(at)), checks):
            for one in made if check.code() not in stopped else ():
                verdicts.drop((check.code(), one.parameter), one.places + first, one.measure, one.limit)
        tick(at + 1, len(parts))
    return stops


def objections(
    facts: DocumentFacts, checks: Sequence[DocumentCheck]
) -> Iterator[tuple[DocumentCheck, list[Objection]]]:
    """The checks that object to some documents of a part, in their order, and what each says."""
    for check in checks:
        made = list(check.objections(facts))
        if made:
            yield check, made


def watch(guard: Guard, check: DocumentCheck, rows: np.ndarray, places: np.ndarray, coded: Coded) -> None:
    """Show the guard what a check would remove of a part: ``rows``, at ``places`` of what ``coded`` speaks of."""
    taken = np.zeros(len(coded[LENGTH][0]), bool)
    taken[places] = True
    held = {name: codes for name, codes in coded.items() if not check.length_bound or name != LENGTH}
    guard.remove(check.code(), rows, taken, held)


def strata(facts: pa.Table) -> dict[str, tuple[np.ndarray, list[str]]]:
    """The source, language, class and length of each document of a part, as codes and their values."""
    coded = {}
    for name in STRATA:
        held = _length_bands(facts["characters"].to_numpy()) if name == LENGTH else facts[name].combine_chunks()
        found = held.cast(pa.string()).dictionary_encode()
        coded[name] = found.indices.fill_null(-1).to_numpy(), found.dictionary.to_pylist()
    return coded


def _length_bands(characters: np.ndarray) -> pa.Array:
    """Names of the lengths of documents."""
    names = [f"{low:,} to {high - 1:,} characters" for low, high in pairwise(EDGES)]
    names.append(f"{EDGES[-1]:,} characters and more")
    return pa.array(names).take(pa.array(np.searchsorted(EDGES, characters, side="right") - 1))
