"""Events that stand there twice."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.degrees import A_TENTH
from karat.core.finding import FACT, FORM, Dimension, as_facts
from karat.core.measure import Measure
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.consistency._repeats import EXCLUDED
from karat.quality.events import NO_TIME, OfEvents, SampledEvents

MOMENT_US = 1_000_000  # unproven: a second, for a double click
SOON_US = 10_000_000  # unproven: ten seconds, in which the same may be meant twice


@dataclass(frozen=True)
class RepeatedEvents(OfEvents, Check):
    """The same user with the same item a second time, where that is a slip and no habit.

    Where hardly anybody meets an item twice, as with ratings, a second event is a copy, or a change of mind: then the
    last one counts. Where people come again, only an event of the same kind within a moment is a double click or a
    message sent twice. A repeated event counts double in training, and one copy in training and one in the test
    flatters every ranking.

    Parameters
    ----------
    equal : float
        Confidence for the same time and rating.
    same : float
        For the same rating at another time, or a double click.
    changed : float
        For another rating: the later one is kept.
    soon : float
        Of a repetition within ten seconds, where people come again.

    ``value`` holds the number of the record that is kept. ``kind`` is "form" where an event is equal in everything and
    its user's moment identifies it: hardly any user does two things at one moment. Source: ISO/IEC 5259-2, data record
    consistency.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    by_order: ClassVar[str] = "of equal events the first in the file is kept"
    measure_name: ClassVar[str] = "data record consistency"
    unit: ClassVar[str] = "records"

    equal: float = 0.98
    same: float = 0.9
    changed: float = 0.7
    soon: float = 0.4

    def judge(self, state: SampledEvents, block: Block, before: Any = None) -> pa.Table:
        row, keeper, sure, kind = derived(state, "repeated", lambda: self._repeated(state))
        identified = derived(state, "identified", lambda: _identified(state, int((kind == 0).sum())))
        at = np.flatnonzero(np.isin(row, block.rows))
        words = [
            f"repeats record {kept}: the same user and item, {WORDS[code]}; {len(row):,} of {len(state):,} events "
            f"repeat another"
            for kept, code in zip(keeper[at].tolist(), kind[at].tolist(), strict=True)
        ]
        return self.found(
            len(at),
            row=row[at],
            value=[str(kept) for kept in keeper[at].tolist()],
            confidence=sure[at],
            kind=np.where(identified & (kind[at] == 0), FORM, FACT),
            message=words,
        )

    def total(self, state: SampledEvents, schema: Schema) -> int:
        return state.records

    def measures(self, state: SampledEvents, schema: Schema, findings: pa.Table) -> list[Measure]:
        """Events found at 0.5 or above; here those that are form count too, a copy is a copy."""
        return super().measures(state, schema, as_facts(findings))

    def _repeated(self, events: SampledEvents) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Rows that repeat another, rising; the rows kept, confidences, and a code into ``WORDS``."""
        pair = (events.user.codes.astype(np.int64) * max(1, len(events.item)) + events.item.codes) * (
            1 + len(events.act)
        ) + events.act.codes
        known = np.flatnonzero((events.user.codes >= 0) & (events.item.codes >= 0))
        order = known[np.lexsort((events.row[known], events.time[known], pair[known]))]
        fresh = np.concatenate([[True], pair[order][1:] != pair[order][:-1]])[: len(order)]
        if (~fresh).sum() > A_TENTH * len(order):
            gone, kept, kind = _double_clicks(events, order, fresh)
        else:
            gone, kept, kind = _copies(events, order, fresh)
        by_row = np.argsort(events.row[gone], kind="stable")
        sure = np.array([self.equal, self.same, self.changed, self.soon])[kind]
        return events.row[gone][by_row], events.row[kept][by_row], sure[by_row], kind[by_row]


WORDS = ("at the same time", "with the same rating or act", "rated anew later", "within seconds")


def _identified(events: SampledEvents, copies: int) -> bool:
    """Is an event known by its user and moment? Then of equal events one is a copy, and no second act.

    So it is where fewer events differ from another of their user's at the same moment than chance may leave of the
    copies.
    """
    sequence = events.sequence
    moment = (sequence.time[1:] != NO_TIME) & (sequence.time[1:] == sequence.time[:-1])
    other = moment & (sequence.user[1:] == sequence.user[:-1]) & (sequence.item[1:] != sequence.item[:-1])
    return bool(moment.any() and other.sum() < EXCLUDED * copies)


def _double_clicks(
    events: SampledEvents, order: np.ndarray, fresh: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Events within seconds of the one before; the first of such a run is kept. Without a clock there are none."""
    time = events.time[order]
    gap = np.diff(time, prepend=time[:1])
    known = (time != NO_TIME) & (np.roll(time, 1) != NO_TIME)
    again = (
        ~fresh & known & (gap <= SOON_US) & np.append(False, _same(events.rating, order[1:], order[:-1]))[: len(order)]
    )
    at = np.flatnonzero(again)
    first = np.maximum.accumulate(np.where(again, 0, np.arange(len(order))))
    kind = np.where(gap[at] == 0, 0, np.where(gap[at] <= MOMENT_US, 1, 3))
    return order[at], order[first[at]], kind


def _copies(events: SampledEvents, order: np.ndarray, fresh: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All but one event of each pair: the first where all say the same, else the last."""
    group = np.cumsum(fresh) - 1
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(order)) - 1
    changed = np.zeros(len(first), bool)
    changed[group[~_same(events.rating, order, order[first[group]])]] = True
    keeper = np.where(changed, last, first)[group]
    at = np.flatnonzero(keeper != np.arange(len(order)))
    gone, kept = order[at], order[keeper[at]]
    alike = _same(events.rating, gone, kept)
    return gone, kept, np.where(alike, np.where(events.time[gone] == events.time[kept], 0, 1), 2)


def _same(rating: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return (rating[first] == rating[second]) | (np.isnan(rating[first]) & np.isnan(rating[second]))
