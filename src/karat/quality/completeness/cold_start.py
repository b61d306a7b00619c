"""Users and items of whom hardly anything is known."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.finding import Dimension, no_findings
from karat.core.measure import Measure
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.events import OfEvents, SampledEvents
from karat.quality.interaction_columns import InteractionColumns


@dataclass(frozen=True)
class ColdStart(OfEvents, Check):
    """Users and items with fewer events than it takes to know them.

    Nothing learned from such a history is better than the best-sellers, and an item that two people met is shown to
    nobody, or to all who are like those two.

    Parameters
    ----------
    enough : int
        Events from which a user or an item is known.
    many : float
        Share of unknown ones from which the finding counts; below it is only told.

    Source: Schein et al. (2002), Methods and metrics for cold-start recommendations; ISO/IEC 5259-2, value occurrence
    completeness.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    measure_name: ClassVar[str] = "value occurrence completeness"

    enough: int = 5
    many: float = 0.2

    def conclude(self, state: SampledEvents, schema: Schema) -> pa.Table:
        named = InteractionColumns.of(schema)
        parts = [no_findings()]
        for what, cold, total, column in self._cold(state, named):
            if cold:
                sequence = state.sequence
                single = int((np.bincount(sequence.user if what == "users" else sequence.item) == 1).sum())
                parts.append(
                    self.found(
                        1,
                        column=column,
                        confidence=0.6 if cold >= self.many * total else 0.3,
                        message=f"{cold:,} of {total:,} {what} have fewer than {self.enough} events, {single:,} of "
                        f"them a single one",
                    )
                )
        return pa.concat_tables(parts)

    def measures(self, state: SampledEvents, schema: Schema, findings: pa.Table) -> list[Measure]:
        named = InteractionColumns.of(schema)
        name = f"{self.measure_name}, "
        return [
            Measure(name + what, self.standard, cold, all_, what) for what, cold, all_, _ in self._cold(state, named)
        ]

    def _cold(self, events: SampledEvents, named: InteractionColumns | None) -> list[tuple[str, int, int, str]]:
        """What, how many of them are cold, of how many, and their column."""
        if named is None or not len(events.sequence.order):
            return []
        sequence, out = events.sequence, []
        for what, codes, column in (("users", sequence.user, named.user), ("items", sequence.item, named.item)):
            counts = np.bincount(codes)
            out.append((what, int(((counts > 0) & (counts < self.enough)).sum()), int((counts > 0).sum()), column))
        return out
