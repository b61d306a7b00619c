"""What becomes of each document: kept, or dropped by one step, with the value measured and the limit."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pyarrow as pa

from karat.core.schema import Schema
from karat.flow import document_checks
from karat.flow.guard import ALL, EXAMPLES, MAX_REMOVED, MIN_RECORDS, Coded, Guard, Limits, Stop
from karat.flow.part_store import Parts
from karat.quality.documents import DocumentCheck, DocumentFacts, Objection

KEPT = -1  # definition: no step
Step = tuple[str, str]


@dataclass(frozen=True)
class Stopped:
    """Documents that a step would have dropped.

    Parameters
    ----------
    rows : ndarray of int64, shape (k,)
    measure, limit : ndarray of float64, shape (k,)
    keeper : ndarray of int64, shape (k,)
        As in ``Verdicts``.
    """

    rows: np.ndarray
    measure: np.ndarray
    limit: np.ndarray
    keeper: np.ndarray

    def between(self, first: int, last: int) -> "Stopped":
        """Those from row ``first`` to before ``last``."""
        low, high = np.searchsorted(self.rows, [first, last])
        return Stopped(self.rows[low:high], self.measure[low:high], self.limit[low:high], self.keeper[low:high])


@dataclass
class Verdicts:
    """One entry per document; the first step that drops a document has the last word.

    Parameters
    ----------
    step : ndarray of int16, shape (n,)
        Position in ``steps``; ``KEPT`` for documents that stay.
    measure, limit : ndarray of float64, shape (n,)
        NaN where there is nothing to measure.
    keeper : ndarray of int64, shape (n,)
        The document kept in its place; -1 for none.
    steps : list of (str, str)
        Checks, and which of their limits; "" where there is but one.
    stopped : dict of str to Stopped
        What the guard did not let a step drop: those documents stay, and need review.
    settled : ndarray of int64
        Documents that a person has decided about: no step drops them.
    spared : mapping of str to ndarray of int64
        By step the documents that a person does not want it to drop.
    """

    step: np.ndarray
    measure: np.ndarray
    limit: np.ndarray
    keeper: np.ndarray
    steps: list[Step] = field(default_factory=list)
    stopped: dict[str, Stopped] = field(default_factory=dict)
    settled: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    spared: Mapping[str, np.ndarray] = field(default_factory=dict)

    @classmethod
    def all_kept(cls, size: int) -> "Verdicts":
        """Nothing decided yet."""
        return cls(
            np.full(size, KEPT, np.int16), np.full(size, np.nan), np.full(size, np.nan), np.full(size, -1, np.int64)
        )

    @property
    def kept(self) -> np.ndarray:
        """(n,) bool."""
        kept: np.ndarray = self.step == KEPT
        return kept

    def drop(
        self,
        step: Step,
        rows: np.ndarray,
        measure: np.ndarray | float = np.nan,
        limit: np.ndarray | float = np.nan,
        keeper: np.ndarray | None = None,
    ) -> None:
        """Drop documents that no step before has dropped.

        Parameters
        ----------
        rows : ndarray of int64
            Documents; ``measure``, ``limit`` and ``keeper`` are aligned with them, or one for all.
        """
        open_ones = (self.step[rows] == KEPT) & self.in_reach(step[0], rows)
        at = rows[open_ones]
        if not len(at):
            return
        self.step[at] = self._place(step)
        self.measure[at] = measure[open_ones] if isinstance(measure, np.ndarray) else measure
        self.limit[at] = limit[open_ones] if isinstance(limit, np.ndarray) else limit
        if keeper is not None:
            self.keeper[at] = keeper[open_ones]

    def in_reach(self, code: str, rows: np.ndarray) -> np.ndarray:
        """(k,) bool: documents that nobody has spared from a step."""
        own = self.spared.get(code)
        free = np.ones(len(rows), bool) if own is None else ~np.isin(rows, own)
        return free & ~np.isin(rows, self.settled) if len(self.settled) else free

    def _place(self, step: Step) -> int:
        if step not in self.steps:
            self.steps.append(step)
        return self.steps.index(step)

    def give_back(self, code: str) -> None:
        """Keep what a step has dropped, and remember it as stopped."""
        rows = self.rows_of(code)
        if len(rows):
            self.stopped[code] = Stopped(rows, self.measure[rows], self.limit[rows], self.keeper[rows])
            self.step[rows] = KEPT
            self.measure[rows] = self.limit[rows] = np.nan
            self.keeper[rows] = -1

    def rows_of(self, code: str) -> np.ndarray:
        """Documents that a check dropped, rising."""
        places = [at for at, step in enumerate(self.steps) if step[0] == code]
        return np.flatnonzero(np.isin(self.step, places)) if places else np.zeros(0, np.int64)

    def rows_at(self, step: Step) -> np.ndarray:
        """Documents that one limit of a check dropped, rising."""
        return np.flatnonzero(self.step == self.steps.index(step))

    def of_check(self, code: str) -> Stopped:
        """Documents that a check dropped, or would have dropped had the guard not stopped it."""
        rows = self.rows_of(code)
        return self.stopped.get(code, Stopped(rows, self.measure[rows], self.limit[rows], self.keeper[rows]))

    def counts(self) -> dict[Step, int]:
        """How many documents each limit dropped, in the order of the steps; those that dropped none are left out."""
        counted = np.bincount(self.step[self.step >= 0], minlength=len(self.steps))
        return {step: int(count) for step, count in zip(self.steps, counted, strict=True) if count}

    def codes(self, rows: np.ndarray) -> pa.Array:
        """The check that dropped each of some documents."""
        return pa.array([code for code, _ in self.steps], pa.string()).take(pa.array(self.step[rows]))


LENGTH = "length"
STRATA = ("source", "language", "class", LENGTH)
# unproven: of the corpus: of the thousands of sites of a crawl some are all rubbish; lower stops more runs
LEAST_SHARE = 1 / 500
EDGES = np.array([0, 50, 200, 1_000, 5_000, 20_000, 100_000])  # characters; about a factor of five apart


def guard_of(limits: Limits) -> Guard:
    """The guard of documents, which watches sources, languages, classes and lengths."""
    return Guard(Schema(()), limits, least_share=LEAST_SHARE, minority=(LENGTH,))


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
        for check, objections_made in objections(document_checks.facts_of(facts), checks):
            places = np.unique(np.concatenate([objection.places for objection in objections_made]))
            places = places[verdicts.in_reach(check.code(), places + first)]
            if not check.wanted:
                watch(guard, check, places + first, places, coded)
    stops = guard.stopped(allowed)
    stopped = {stop.step for stop in stops}
    for at in range(len(parts)):
        first = int(parts.first_rows[at])
        for check, objections_made in objections(document_checks.facts_of(parts.facts(at)), checks):
            for objection in objections_made if check.code() not in stopped else ():
                verdicts.drop(
                    (check.code(), objection.parameter), objection.places + first, objection.measure, objection.limit
                )
        tick(at + 1, len(parts))
    return stops


def leaving_nothing(verdicts: Verdicts, checks: Sequence[DocumentCheck], allowed: Collection[str]) -> list[Stop]:
    """Stops for the checks that together would leave hardly a document, also where the user named each of them.

    Parameters
    ----------
    checks : sequence of DocumentCheck
        Those that look at each document alone.
    allowed : collection of str
        Checks that the user has allowed to, or "all".
    """
    taken = {check.code(): verdicts.rows_of(check.code()) for check in checks}
    documents = len(verdicts.step)
    left = documents - sum(map(len, taken.values()))
    if documents < MIN_RECORDS or left >= MAX_REMOVED * documents or ALL in allowed:
        return []
    reason = f"would with the other checks leave {left:,} of {documents:,} records"
    asked = {code: rows for code, rows in taken.items() if len(rows) and code not in allowed}
    return [Stop(code, code, None, reason, tuple(rows[:EXAMPLES].tolist())) for code, rows in asked.items()]


def objections(
    facts: DocumentFacts, checks: Sequence[DocumentCheck]
) -> Iterator[tuple[DocumentCheck, list[Objection]]]:
    """The checks that object to some documents of a part, in their order, and what each says."""
    for check in checks:
        objections_made = list(check.objections(facts))
        if objections_made:
            yield check, objections_made


def watch(guard: Guard, check: DocumentCheck, rows: np.ndarray, places: np.ndarray, coded: Coded) -> None:
    """Show the guard what a check would remove of a part: ``rows``, at ``places`` of what ``coded`` speaks of."""
    taken = np.zeros(len(coded[LENGTH][0]), bool)
    taken[places] = True
    watched = {name: codes for name, codes in coded.items() if not check.length_bound or name != LENGTH}
    guard.remove(check.code(), rows, taken, watched)


def strata(facts: pa.Table) -> dict[str, tuple[np.ndarray, list[str]]]:
    """The source, language, class and length of each document of a part, as codes and their values."""
    coded = {}
    for name in STRATA:
        values = _length_bands(facts["characters"].to_numpy()) if name == LENGTH else facts[name].combine_chunks()
        encoded = values.cast(pa.string()).dictionary_encode()
        coded[name] = encoded.indices.fill_null(-1).to_numpy(), encoded.dictionary.to_pylist()
    return coded


def _length_bands(characters: np.ndarray) -> pa.Array:
    """Names of the lengths of documents."""
    names = [f"{low:,} to {high - 1:,} characters" for low, high in pairwise(EDGES)]
    names.append(f"{EDGES[-1]:,} characters and more")
    return pa.array(names).take(pa.array(np.searchsorted(EDGES, characters, side="right") - 1))
