"""The list of cases: searched, cases with one answer as one line, and what is worth most of a person's time first."""

from collections import OrderedDict
from dataclasses import dataclass, field
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.flow.decisions import KINDS
from karat.show.review.assignment import Filter, ReviewDesk
from karat.show.review.estimate import PRIOR_CASES
from karat.show.review.queue import CONFLICT, NEXT

PAGE = 50  # display: lines
SORTS = ("gain", "asked", "confidence")
STATES = ("open", "done", "split", "all")
SEARCHED = ("value", "suggestion", "message", "item", "column")
KEPT_SEARCHES = 8  # cost: whose answers are kept
# display: seconds over a case of a kind that was never timed; one number, so that no order follows from it
UNTIMED_SECONDS = 10.0
MIN_SECONDS = 1.0  # definition: of a case in the sums; what is decided quicker was not looked at


@dataclass(frozen=True)
class Asked:
    """What a list shows: which cases, in which state, with which text in them, in which order, alike ones together."""

    only: Filter = field(default_factory=Filter)
    state: str = "open"
    text: str = ""
    sort: str = "gain"
    together: bool = True
    page: int = 0

    def query(self, **changed: object) -> str:
        """For an address; ``changed`` replaces what it names."""
        from urllib.parse import urlencode

        own = {"kind": self.only.kind, "check": self.only.check, "column": self.only.column, "state": self.state}
        own |= {
            "q": self.text,
            "sort": self.sort,
            "together": "1" if self.together else "0",
            "page": str(self.page + 1),
        }
        return urlencode({name: value for name, value in (own | changed).items() if value not in ("", None)})


@dataclass(frozen=True)
class Lines:
    """One page of the list.

    Parameters
    ----------
    places : list of int
        The first case of each line.
    sizes : list of int
        Cases behind it.
    gains : list of float or None
        Errors expected to be found per minute of a person's time; None where nothing tells.
    lines, cases : int
        How many there are on all pages.
    """

    places: list[int]
    sizes: list[int]
    gains: list[float | None]
    lines: int
    cases: int


@dataclass
class Searches:
    """Cases that hold a text, kept for the last few texts."""

    kept: OrderedDict[str, np.ndarray] = field(default_factory=OrderedDict)

    def mask(self, desk: ReviewDesk, text: str) -> np.ndarray:
        """(n,) bool: the cases with a text in value, suggestion, evidence, item or column, or of that row."""
        if text not in self.kept:
            self.kept[text] = _holding(desk, text)
            if len(self.kept) > KEPT_SEARCHES:
                self.kept.popitem(last=False)
        return self.kept[text]


def _holding(desk: ReviewDesk, text: str) -> np.ndarray:
    file = desk.queue.file
    parts = [np.zeros(0, bool)]
    for at in range(file.num_record_batches):
        batch = file.get_batch(at)
        hits = [pc.match_substring(batch.column(name), text, ignore_case=True) for name in SEARCHED]
        if text.isascii() and text.isdigit():
            hits += [pc.equal(batch.column(name), pa.scalar(int(text[:18]), pa.int64())) for name in ("row", "other")]
        found = np.zeros(batch.num_rows, bool)
        for hit in hits:
            found |= pc.fill_null(hit, False).to_numpy(zero_copy_only=False)
        parts.append(found)
    return np.concatenate(parts)


def lines_of(desk: ReviewDesk, asked: Asked, searches: Searches) -> Lines:
    """One page of the list."""
    desk.sync()
    mask = desk.mask(asked.only) & _in_state(desk, asked.state)
    if asked.text:
        mask &= searches.mask(desk, asked.text)
    places = np.flatnonzero(mask)
    first, sizes, group = _lines(desk, places) if asked.together else (places, np.ones(len(places), int), None)
    gains = None
    if asked.sort == "gain":
        each = expected(desk, places)
        total = each if group is None else np.bincount(group, weights=np.nan_to_num(each), minlength=len(first))
        known = each if group is None else np.where(np.isnan(each[np.searchsorted(places, first)]), np.nan, total)
        gains = 60.0 * known / seconds_by_kind(desk)[desk.kinds[first]]
        order = np.argsort(-np.nan_to_num(gains, nan=-1.0), kind="stable")
    elif asked.sort == "confidence":
        order = np.argsort(-desk.queue.narrow("confidence")[first], kind="stable")
    else:
        order = np.arange(len(first))
    here = order[asked.page * PAGE : (asked.page + 1) * PAGE]
    told = [] if gains is None else [None if np.isnan(gain) else float(gain) for gain in gains[here]]
    return Lines(first[here].tolist(), sizes[here].tolist(), told or [None] * len(here), len(first), len(places))


def _in_state(desk: ReviewDesk, state: str) -> np.ndarray:
    if state == "open":
        return desk.voices == 0
    if state == "done":
        return desk.voices > 0
    there = np.full(len(desk.voices), state != "split")
    there[sorted(desk.split)] = True
    return there


def _lines(desk: ReviewDesk, places: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each line its first case (g,) in the order asked and its size (g,), and of each case its line (k,)."""
    alike = desk.queue.narrow("alike")[places]
    numbers = np.where(alike >= 0, alike.astype(np.int64), alike.max(initial=0) + 1 + np.arange(len(places)))
    first = np.full(int(numbers.max(initial=-1)) + 1, -1)
    first[numbers[::-1]] = places[::-1]
    used = np.flatnonzero(first >= 0)
    rank = np.full(len(first), -1)
    order = np.argsort(first[used])
    rank[used[order]] = np.arange(len(used))
    group = rank[numbers]
    return first[used[order]], np.bincount(group, minlength=len(used)), group


def expected(desk: ReviewDesk, places: np.ndarray) -> np.ndarray:
    """(k,) float64: the probability that a case is an error, from its check's claim and what people found so far.

    Of votes in conflict it is the probability that the label is wrong; of what is only suggested next nothing is known.
    """
    estimate, checks = desk.estimate, desk.check_codes[places]
    seen = estimate.right + estimate.wrong
    claim = np.divide(estimate.claimed, estimate.waiting, out=np.full(len(seen), 0.5), where=estimate.waiting > 0)
    rate = (PRIOR_CASES * claim + estimate.wrong) / (PRIOR_CASES + seen)
    ratio = np.divide(rate, claim, out=np.ones(len(seen)), where=claim > 0)
    sure, kinds = desk.queue.narrow("confidence")[places], desk.kinds[places]
    out = np.where(kinds == CONFLICT, 1 - sure, np.clip(sure * ratio[checks], 0, 1))
    return np.where(kinds == NEXT, np.nan, out)


def seconds_by_kind(desk: ReviewDesk) -> np.ndarray:
    """(kinds,) float64: the median time over a case of each kind, at least one second."""
    timed = [desk.seconds.get(kind) or [UNTIMED_SECONDS] for kind in KINDS]
    return np.array([max(MIN_SECONDS, median(seconds)) for seconds in timed])
