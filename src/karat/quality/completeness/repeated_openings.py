"""Texts that begin or end as many others do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.counts import RecordSample
from karat.core.degrees import LARGE_SAMPLE
from karat.core.finding import Dimension, DoesNotApply
from karat.core.measure import Measure
from karat.core.schema import Role, Schema
from karat.core.state import derived
from karat.core.unit import Check

# unproven: shorter ones are mere phrases
SIZE, HAN_SIZE = 24, 10  # characters of an opening; a Chinese sign says about as much as three letters
LONGEST = 200  # characters shown of what is shared; display: no verdict hangs on it
WHERE = {"begin": "openings", "end": "endings"}


@dataclass(frozen=True)
class Stock:
    """A stretch that many texts share.

    Parameters
    ----------
    column, where, words : str
        ``where`` is begin or end.
    texts, stock, total : int
        Distinct texts with this stretch, with any stretch so common, and all.
    """

    column: str
    where: str
    words: str
    texts: int
    stock: int
    total: int


@dataclass(frozen=True)
class RepeatedOpenings(Check):
    """Columns many of whose texts begin or end in the same words: templates, greetings, signatures, disclaimers.

    Texts that differ as a whole may still be one text with a name filled in. A model learns the frame, which carries
    no news, and a test set drawn from the same frames flatters it. One finding per column and end, with the commonest
    stretch and the share of texts that have any so common; digits and letter case do not count. Texts that are equal
    as a whole are counted once here and told by ``DuplicateRecords``.

    Parameters
    ----------
    common : float
        Share of the column's texts, in [0, 1], from which a stretch is common.
    much : float
        Share of texts with a common stretch from which on the column is told.

    Source: ISO/IEC 5259-2, feature completeness (diversity); Tirumala et al. (2023), D4, on templates.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    measure_name: ClassVar[str] = "diversity of texts"
    unit: ClassVar[str] = "columns"
    at_the_door: ClassVar[bool] = False
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})

    common: float = 0.01
    much: float = 0.1

    def applies(self, schema: Schema) -> DoesNotApply | None:
        if not schema.with_role(Role.TEXT):
            return DoesNotApply("it judges the text columns of a table")
        return None

    def learn(self, block: Block) -> RecordSample:
        return RecordSample.of(block)

    def conclude(self, state: RecordSample, schema: Schema) -> pa.Table:
        """One finding for each column and end that is mostly stock."""
        habits = self._common_openings(state, schema)
        return self.found(
            len(habits),
            column=[habit.column for habit in habits],
            value=[habit.words for habit in habits],
            confidence=[0.7 if habit.stock >= 2 * self.much * habit.total else 0.5 for habit in habits],
            message=[
                f"{habit.stock / habit.total:.0%} of {habit.total:,} different texts have common {WHERE[habit.where]}; "
                f"{habit.texts:,} {habit.where} {habit.words!r}"
                for habit in habits
            ],
        )

    def measures(self, state: RecordSample, schema: Schema, findings: pa.Table) -> list[Measure]:
        total = len(schema.with_role(Role.TEXT))
        bad = len({opening.column for opening in self._common_openings(state, schema)})
        return [Measure(self.measure_name, self.standard, bad, total, self.unit)] if total else []

    def _common_openings(self, state: RecordSample, schema: Schema) -> list[Stock]:
        return derived(state, f"stock {self.common} {self.much}", lambda: list(self._stock(state.block(schema))))

    def _stock(self, block: Block) -> Iterator[Stock]:
        for column in block.schema.with_role(Role.TEXT):
            texts = pc.unique(block.text(column.name).drop_null())
            plain = folded(texts)
            size = HAN_SIZE if _chinese(plain) else SIZE
            plain = plain.filter(pc.greater(pc.utf8_length(plain), size + size // 2))
            plain = pc.unique(plain)
            if len(plain) < LARGE_SAMPLE:
                continue
            for where in WHERE:
                cut = pc.utf8_slice_codeunits(plain, 0, size) if where == "begin" else _last(plain, size)
                counted = pc.value_counts(cut)
                counts = counted.field("counts").to_numpy()
                stock = counts >= max(5, self.common * len(texts))
                if counts[stock].sum() >= self.much * len(texts):
                    order = np.lexsort((np.array(counted.field("values").to_pylist(), object).astype(str), -counts))
                    top = int(order[0])
                    same = plain.filter(pc.equal(cut, counted.field("values")[top]))
                    words = _shared(same.to_pylist(), where)
                    yield Stock(column.name, where, words, int(counts[top]), int(counts[stock].sum()), len(texts))


def folded(texts: pa.Array) -> pa.Array:
    """Texts in lower case, digits as 0, white space as one blank."""
    plain = pc.replace_substring_regex(pc.utf8_lower(texts.cast(pa.large_string())), r"\d", "0")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(plain, r"\s+", " "))


def _last(texts: pa.Array, size: int) -> pa.Array:
    return pc.utf8_slice_codeunits(texts, -size)


def _chinese(texts: pa.Array) -> bool:
    head = texts.slice(0, 500)
    letters = pc.sum(pc.count_substring_regex(head, r"\p{L}")).as_py() or 0
    return (pc.sum(pc.count_substring_regex(head, r"\p{Han}")).as_py() or 0) >= 0.3 * max(letters, 1)


def _shared(texts: list[str], where: str) -> str:
    """What the texts all begin or end with."""
    turned = texts if where == "begin" else [text[::-1] for text in texts]
    first, last = min(turned), max(turned)
    size = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    common = first[: min(size, LONGEST)]
    return common if where == "begin" else common[::-1]
