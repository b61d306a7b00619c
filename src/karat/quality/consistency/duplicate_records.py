"""Records that repeat an earlier record."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import FACT, FORM, Dimension, DoesNotApply, as_facts, no_findings
from karat.core.measure import Measure
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.consistency._repeats import EXCLUDED, FirstSeen, Repeats
from karat.quality.consistency.record_hash import compared, record_hashes, whole

REPORTED = 0.1  # copies under another identifier that are less likely one record are not reported; display


@dataclass(frozen=True)
class DuplicateRecords(Check):
    """A record that repeats an earlier one in every column.

    That two records are equal is a fact, that they are the same thing is a guess. It is certain where a column
    identifies the records: an identifier, or a time written to the second, that no two other records share.
    Otherwise equal records may be two purchases or two people with the same answers; how many of them coincidence
    makes is estimated from the records that differ in one or two columns. They are reported and need review.
    Records that agree in all but their identifier are two records, and reported with a confidence below 0.5.

    Parameters
    ----------
    identified : float
        Confidence when a column identifies the records.
    unexplained : float
        Confidence when no column does, and coincidence makes less than a fifth of such pairs.
    possible : float
        The highest confidence otherwise.

    Source: ISO/IEC 5259-2, data record consistency. ``value`` and ``keeper`` hold the number of the record that is
    repeated. ``kind`` is "form" where a column identifies the records: without the copy the data say the same.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    by_order: ClassVar[str] = "of equal records the first in the file is kept"
    kinds: ClassVar[frozenset[str]] = (Check.kinds | {"chat"}) - {
        "image",
        "event",
    }  # they have their own
    measure_name: ClassVar[str] = "data record consistency"
    unit: ClassVar[str] = "records"
    at_the_door: ClassVar[bool] = False

    identified: float = 0.98
    unexplained: float = 0.7
    possible: float = 0.45

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return None if compared(schema) else DoesNotApply("no column to compare")

    def learn(self, block: Block) -> FirstSeen:
        return FirstSeen.of(block)

    def judge(self, state: FirstSeen, block: Block, before: Any = None) -> pa.Table:
        repeats = derived(state, "repeats", lambda: Repeats.of(state, block.schema))
        findings = self._equal(state, repeats, block)
        sure = self.possible * (1 - repeats.content_by_chance)
        return findings if sure < REPORTED else pa.concat_tables([findings, self._renumbered(state, block, sure)])

    def _equal(self, state: FirstSeen, repeats: Repeats, block: Block) -> pa.Table:
        names = whole(block.schema)
        at, keeper = _repeated(state.keys, state.rows, block, names)
        explained = repeats.by_chance > EXCLUDED
        sure = (self.possible if explained else self.unexplained) * (1 - repeats.by_chance)
        if repeats.identified_by:
            sure, tail = self.identified, f", {repeats.identified_by!r} among them, which identifies the records"
        else:
            tail = ", but no column identifies the records" + (" and coincidence may explain it" if explained else "")
        columns = f"all {len(names)} columns" if len(names) == len(block.schema) else f"{len(names)} columns"
        seen = f"{state.copies} of {state.records} records repeat an earlier one"
        return self._reported(
            block.rows[at],
            keeper,
            confidence=sure,
            kind=FORM if repeats.identified_by else FACT,
            message=[f"repeats record {kept} in {columns}{tail}; {seen}" for kept in keeper.tolist()],
        )

    def _renumbered(self, state: FirstSeen, block: Block, sure: float) -> pa.Table:
        names = compared(block.schema)
        content, rows, _ = derived(state, "content", state.by_content)
        at, keeper = _repeated(content, rows, block, names)
        message = [f"equals record {kept} in all columns but the identifier" for kept in keeper.tolist()]
        return self._reported(block.rows[at], keeper, confidence=sure, message=message)

    def _reported(self, rows: np.ndarray, keeper: np.ndarray, **columns: Any) -> pa.Table:
        value = [str(kept) for kept in keeper.tolist()]
        return self.found(len(rows), row=rows, value=value, keeper=keeper, **columns)

    def conclude(self, state: FirstSeen, schema: Schema) -> pa.Table:
        """One finding about a file that repeats itself from beginning to end."""
        repeats = derived(state, "repeats", lambda: Repeats.of(state, schema))
        if repeats.times == 1:
            return no_findings()
        said = (
            f"every one of the first {len(state.rows)} records occurs {repeats.times} times, nothing else follows: "
            f"the file seems to have been joined to itself. Is a repeated record possible in this data?"
        )
        return self.found(1, confidence=self.unexplained, message=[said])

    def total(self, state: FirstSeen, schema: Schema) -> int:
        return state.records

    def measures(self, state: FirstSeen, schema: Schema, findings: pa.Table) -> list[Measure]:
        """Records found at 0.5 or above; here those that are form count too, a copy is a copy."""
        return super().measures(state, schema, as_facts(findings))


def _repeated(
    keys: np.ndarray, rows: np.ndarray, block: Block, names: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the records whose key belongs to an earlier record, and that record's number."""
    if not len(keys):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    mine = record_hashes(block, names)
    place = np.minimum(np.searchsorted(keys, mine), len(keys) - 1)
    keeper = rows[place]
    at = np.flatnonzero((keys[place] == mine) & (keeper < block.rows))
    at = at[same_text(block, names, at, keeper[at])]
    return at, keeper[at]


def same_text(block: Block, names: tuple[str, ...], at: np.ndarray, keeper: np.ndarray) -> np.ndarray:
    """(k,) bool: False where the keeper stands in this block and its text differs after all.

    Parameters
    ----------
    at, keeper : ndarray of int64, shape (k,)
        Positions of records in the block, and the record numbers they are said to repeat.
    """
    place = np.minimum(np.searchsorted(block.rows, keeper), max(0, len(block) - 1))
    here = block.rows[place] == keeper if len(block) else np.zeros(0, bool)
    same = np.ones(len(at), bool)
    for name in names:
        codes = block.encoded(name)[0]
        same &= ~here | (codes[at] == codes[place])
    return same
