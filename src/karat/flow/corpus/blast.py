"""The guard of a corpus: a step that would take an outsized share of one source, language, class or length stops."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa

from karat.core.errors import GateError
from karat.flow.corpus.shelf import Parts
from karat.flow.corpus.verdicts import Verdicts
from karat.flow.guard import MAX_RATIO, MAX_SHARE, MIN_RECORDS

STRATA = ("source", "language", "class", "length")
MIN_PART = 1 / 500  # of the corpus: of the thousands of sites of a crawl some are all rubbish
EDGES = np.array([0, 50, 200, 1_000, 5_000, 20_000, 100_000])
EXAMPLES = 3


@dataclass(frozen=True)
class Stratum:
    """Documents that have something in common, and what one step would take of them.

    Parameters
    ----------
    name, value : str
        ``source``, ``language``, ``class`` or ``length``, and which.
    size, taken : int
    share, elsewhere : float
        Taken of it, and of all other documents.
    examples : tuple of int
        The first documents it would take.
    """

    name: str
    value: str
    size: int
    taken: int
    share: float
    elsewhere: float
    examples: tuple[int, ...]


def length_bands(characters: np.ndarray) -> pa.Array:
    """Names of the lengths of documents."""
    names = [f"{low:,} to {high - 1:,} characters" for low, high in pairwise(EDGES)]
    names.append(f"{EDGES[-1]:,} characters and more")
    return pa.array(names).take(pa.array(np.searchsorted(EDGES, characters, side="right") - 1))


def outsized(parts: Parts, verdicts: Verdicts) -> Iterator[tuple[str, Stratum]]:
    """Steps, each with a stratum of which it would take far more than of the rest."""
    totals = np.array(list(verdicts.counts().values()), np.int64)
    for name in STRATA:
        values, codes = _coded(parts, name)
        if len(values) < 2:
            continue
        known = codes >= 0
        sizes = np.bincount(codes[known], minlength=len(values))
        gone = known & (verdicts.step >= 0)
        key = codes[gone].astype(np.int64) * len(totals) + verdicts.step[gone]
        least = max(MIN_RECORDS, int(MIN_PART * len(codes)))
        for place, took in zip(*np.unique(key, return_counts=True), strict=True):
            value, step = divmod(int(place), len(totals))
            size, taken = int(sizes[value]), int(took)
            share, elsewhere = taken / size, float((totals[step] - taken) / max(len(codes) - size, 1))
            if size < least or share <= MAX_SHARE or share <= MAX_RATIO * elsewhere:
                continue
            first = np.flatnonzero((codes == value) & (verdicts.step == step))[:EXAMPLES]
            examples = tuple(int(row) for row in first)
            yield verdicts.steps[step], Stratum(name, values[value], size, taken, share, elsewhere, examples)


def _coded(parts: Parts, name: str) -> tuple[list[str], np.ndarray]:
    """The values of a stratum and each document's code, -1 where it has none."""
    coded: list[np.ndarray] = []
    places: dict[str, int] = {}
    for at in range(len(parts)):
        column = parts.facts(at, ["characters" if name == "length" else name]).column(0)
        held = length_bands(column.to_numpy()) if name == "length" else column.combine_chunks().cast(pa.string())
        made = held.dictionary_encode()
        known = np.array([places.setdefault(value, len(places)) for value in made.dictionary.to_pylist()] + [-1])
        local = made.indices.fill_null(len(known) - 1).to_numpy()
        coded.append(known[local].astype(np.int32))
    return list(places), np.concatenate([np.empty(0, np.int32), *coded])


def verdict(
    parts: Parts,
    verdicts: Verdicts,
    allowed: Collection[str],
    by_length: Collection[str],
    shown: Callable[[int], str],
) -> list[Stratum]:
    """Raise GateError for the worst step that falls on one stratum far more than on the rest.

    Parameters
    ----------
    allowed : collection of str
        Steps that may take what they like.
    by_length : collection of str
        Steps that judge documents by what stands in them; short and long ones may differ in that.
    shown : callable
        The beginning of a document, fit to be shown.

    Returns
    -------
    list of Stratum
        What allowed steps took beyond the limit.
    """
    waved: list[Stratum] = []
    worst: tuple[str, Stratum] | None = None
    for step, held in outsized(parts, verdicts):
        if held.name == "length" and (step in by_length or 2 * held.size > parts.documents):
            continue
        if step in allowed:
            waved.append(held)
        elif worst is None or held.share > worst[1].share:
            worst = step, held
    if worst is None:
        return waved
    step, held = worst
    told = " · ".join(f"row {row} {shown(row)!r}" for row in held.examples)
    raise GateError(
        f"step {step} would remove {held.share:.0%} of the documents with {held.name} = {held.value!r} "
        f"({held.taken:,} of {held.size:,}) and {held.elsewhere:.1%} of the others, {told} among them",
        f"Look at them, then run again with --allow {step} if this is right",
    )
