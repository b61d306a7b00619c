"""Crowds that come to one item at once and say the same."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.degrees import A_FEW, MOST
from karat.core.finding import Dimension
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.events import NO_TIME, OfEvents, SampledEvents
from karat.quality.robot_signals import CONSTANT, FAR, HOUR_US, MIN_EVENTS, log_distance

STRANGER = 2  # events of a user who came for this alone; unproven: more count loyal users


@dataclass(frozen=True)
class EventBursts(OfEvents, Check):
    """An hour in which an item gets far more events than items do, all with one rating or all from strangers.

    A crowd alone is a première. Two signs together (the rate, one rating for all, users who hardly do anything else)
    are bought, or a campaign: the item's place in every list is then bought too.

    Parameters
    ----------
    two, three : float
        Confidence by the number of signs.

    Source: Xie et al. (2012), Review spam detection via temporal pattern discovery.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "risk of data set inaccuracy"
    unit: ClassVar[str] = "records"
    timed: ClassVar[bool] = True

    two: float = 0.85
    three: float = 0.95

    def judge(self, state: SampledEvents, block: Block, before: Any = None) -> pa.Table:
        rows, sure, words = derived(state, "bursts", lambda: self._bursts(state))
        at = np.flatnonzero(np.isin(rows, block.rows))
        return self.found(len(at), row=rows[at], confidence=sure[at], message=[words[place] for place in at.tolist()])

    def total(self, state: SampledEvents, schema: Schema) -> int:
        return state.records

    def _bursts(self, events: SampledEvents) -> tuple[np.ndarray, np.ndarray, list[str]]:
        """Rows within bursts, rising, their confidence, and what is said."""
        sequence = events.sequence
        known = np.flatnonzero(sequence.time != NO_TIME)
        known = known[np.lexsort((sequence.order[known], sequence.time[known], sequence.item[known]))]
        item, time = sequence.item[known], sequence.time[known]
        count = np.bincount(item, minlength=len(events.item))
        busy = count >= MIN_EVENTS
        rows, sure, words = [np.zeros(0, np.int64)], [np.zeros(0)], []
        if busy.any():
            start = np.cumsum(count) - count
            begin, most = _peaks(item, time, start, count)
            crowded = np.flatnonzero(busy & (most >= MIN_EVENTS) & (log_distance(most, busy) >= FAR))
            usual = _usual(events)
            for code in crowded.tolist():
                at = known[begin[code] : begin[code] + most[code]]
                signs = _signs(sequence.rating[at], sequence.count[sequence.user[at]], usual)
                if signs:
                    name = events.item.texts[code].as_py()
                    burst = f"{most[code]:,} of its {count[code]:,} events within one hour, {' and '.join(signs)}"
                    rows.append(events.row[sequence.order[at]])
                    sure.append(np.full(len(at), self.three if len(signs) > 1 else self.two))
                    words += [f"item {name!r}: {burst}"] * len(at)
        order = np.argsort(np.concatenate(rows), kind="stable")
        return np.concatenate(rows)[order], np.concatenate(sure)[order], [words[at] for at in order.tolist()]


def _peaks(item: np.ndarray, time: np.ndarray, start: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each item's fullest hour begins among its events in order, and how many it holds."""
    first, span = int(time.min()), int(time.max() - time.min()) + 2 * HOUR_US + 2
    if span > (1 << 62) // max(1, len(count)):
        return start, np.zeros(len(count), np.int64)
    line = item.astype(np.int64) * span + (time - first)
    inside = np.searchsorted(line, line + HOUR_US, side="left") - np.arange(len(line))
    order = np.lexsort((np.arange(len(line)), -inside, item))
    top = order[np.minimum(start, len(line) - 1)]
    return top, np.where(count > 0, inside[top], 0)


def _usual(events: SampledEvents) -> tuple[float, float]:
    """Share of the most frequent rating, and of events by strangers."""
    rating = events.rating[~np.isnan(events.rating)]
    most = np.unique(rating, return_counts=True)[1].max() / len(rating) if len(rating) else 1.0
    sequence = events.sequence
    return float(most), float((sequence.count[sequence.user] <= STRANGER).mean())


def _signs(rating: np.ndarray, events_of_user: np.ndarray, usual: tuple[float, float]) -> list[str]:
    """What beside the rate speaks against a crowd."""
    said = []
    known = rating[~np.isnan(rating)]
    if len(known) and usual[0] <= MOST:
        share = float(np.unique(known, return_counts=True)[1].max()) / len(rating)
        said += [f"{share:.0%} of them with the same rating"] if share >= CONSTANT else []
    strange = float((events_of_user <= STRANGER).mean())
    if strange >= MOST and usual[1] <= A_FEW:
        said.append(f"{strange:.0%} of them by users who did next to nothing else")
    return said
