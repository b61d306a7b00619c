"""Outcomes that are known only for those who were let in."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import RecordSample
from karat.core.degrees import ALMOST_ALL, MIXED_SAMPLE
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Role, Schema
from karat.core.state import derived
from karat.core.unit import Check

MIN_UNKNOWN = 0.02  # unproven: share of unknown or known outcomes; fewer say nothing of a selection
MAX_VALUES = 50  # flat from 25 to 100 (benchmarks/constants.md): more tell each record apart by themselves


@dataclass(frozen=True)
class SelectedOutcomes(Check):
    """A target that is known only where an earlier decision let the record through.

    Refused applicants never default, tests not ordered have no result: a model that learns from the others alone
    is asked about people it has never met the like of, and flatters itself on the rest. Where one column tells
    whose outcome is known, the records without one are not a random part. Ask for outcomes of a random few, weigh or
    infer the refused, and at the least do not trust scores beyond the accepted.

    Source: Hand & Henley (1993), Can reject inference ever work?; Heckman (1979), Econometrica 47.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    at_the_door: ClassVar[bool] = False
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return None if schema.target else DoesNotApply("no target")

    def learn(self, block: Block) -> RecordSample:
        return RecordSample.of(block)

    def conclude(self, state: RecordSample, schema: Schema) -> pa.Table:
        """One finding with the column that tells best whose outcome is known, if any does."""
        selector = derived(state, f"selected {schema.key}", lambda: _selector(state.block(schema)))
        if selector is None:
            return self.found(0, confidence=[], message=[])
        column, value, share, unknown = selector
        message = (
            f"the outcome is blank in {unknown:.1%} of the records, and {column!r} tells in {share:.1%} of all which "
            f"({value!r} above all): the model learns from the selected alone and will judge the others too"
        )
        name = schema.target.name if schema.target else None
        return self.found(1, column=[name], confidence=0.8, message=[message])


def _selector(block: Block) -> tuple[str, str, float, float] | None:
    """The column that best tells which outcomes are blank, its value that says so most, its share, and theirs."""
    target = block.schema.target
    if target is None or len(block) < MIXED_SAMPLE:
        return None
    blank = block.missing(target.name)
    unknown = float(blank.mean())
    if not MIN_UNKNOWN <= unknown <= 1 - MIN_UNKNOWN:
        return None
    best: tuple[float, str, str] = (max(ALMOST_ALL, 1 - min(unknown, 1 - unknown) / 2), "", "")
    for column in block.schema.with_role(Role.CATEGORY, Role.NUMBER, Role.SOURCE):
        codes, values = block.encoded(column.name)
        if not 2 <= len(values) <= MAX_VALUES:
            continue
        filled = codes >= 0
        gone = np.bincount(codes[filled], blank[filled], len(values))
        whole = np.bincount(codes[filled], minlength=len(values))
        share = float((np.maximum(gone, whole - gone).sum() + (~filled).sum() / 2) / len(block))
        if share > best[0]:
            best = (share, column.name, values[int(np.argmax(gone * gone / np.maximum(whole, 1)))])
    return (best[1], best[2], best[0], unknown) if best[1] else None
