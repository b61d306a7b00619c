"""Published rules for texts as a check: asked of every text column of a corpus."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import DoesNotApply
from karat.core.schema import Role, Schema
from karat.core.unit import Check
from karat.quality.text_rules import TextRule, decided

CONFIDENCE = 0.6  # a rule of thumb: counted, and left to the ledger to show


@dataclass(frozen=True)
class TextsSeen:
    """How many texts were judged."""

    texts: int

    def merge(self, other: "TextsSeen") -> "TextsSeen":
        return TextsSeen(self.texts + other.texts)


def text_scores(texts: pa.Array, workers: int = 2, rules: Sequence[TextRule] = ()) -> pa.Table:
    """Every statistic of every text: int32 columns, a row a text; null counts as empty.

    Parameters
    ----------
    texts : pyarrow.Array or ChunkedArray of string
    workers : int
        Threads.
    rules : sequence of TextRule
        Rules that will be asked: lines are joined only where one of them looks at that.
    """
    from karat.kernels.text_columns import COLUMNS
    from karat.kernels.text_statistics import measure

    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    whole = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    filled = pc.fill_null(whole.cast(pa.large_string()), "")
    offsets = np.frombuffer(filled.buffers()[1], np.int64, len(filled) + 1, filled.offset * 8)
    data = filled.buffers()[2]
    buf = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
    counts = measure(buf, offsets, workers)
    scores = {name: np.ascontiguousarray(counts[:, at], np.int32) for at, name in enumerate(COLUMNS)}
    wanted = any(rule.bottom == "joined_lines" for rule in rules)
    return pa.table(scores | _joined(buf, offsets, scores) if wanted else scores)


def _joined(buf: np.ndarray, offsets: np.ndarray, scores: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Lines with wrapped ones joined; as they stand where nothing is wrapped."""
    from karat.kernels.text_wrapped import COLUMNS, joined

    counts = np.zeros((len(offsets) - 1, len(COLUMNS)), np.int32)
    joined(buf, offsets, counts)
    here = counts[:, 2] > 0
    return {
        name: np.where(here, counts[:, at], scores[plain])
        for at, (name, plain) in enumerate(zip(COLUMNS[:2], ("full_lines", "full_ended"), strict=True))
    }


@dataclass(frozen=True)
class TextFamily(Check):
    """One family of rules."""

    unit: ClassVar[str] = "records"
    needs: ClassVar[frozenset[str]] = frozenset({"TextStatistics"})
    kinds: ClassVar[frozenset[str]] = frozenset({"text"})  # a comment in a table need not be an article

    @abstractmethod
    def rules(self) -> tuple[TextRule, ...]:
        """The family's rules, in the order in which they are asked."""

    def applies(self, schema: Schema) -> DoesNotApply | None:
        """Only where there is a column of documents."""
        if not schema.with_role(Role.TEXT):
            return DoesNotApply("it judges the texts of a corpus")
        return None

    def learn(self, block: Block) -> TextsSeen:
        return TextsSeen(sum(len(block) - int(block.missing(c.name).sum()) for c in block.schema.with_role(Role.TEXT)))

    def judge(self, state: Any, block: Block, before: Any = None) -> pa.Table | DoesNotApply:
        rows: list[np.ndarray] = []
        names: list[str] = []
        messages: list[str] = []
        for column in block.schema.with_role(Role.TEXT):
            name = column.name
            decision = decided(block.annotation("TextStatistics", name), self.rules())
            gone = np.flatnonzero(~decision.keep & ~block.missing(name))
            checks = decision.check.to_pylist()
            says = {rule.code: rule.says for rule in self.rules()}
            rows.append(gone)
            names += [name] * len(gone)
            messages += [
                f"{says[checks[at]]}: {decision.measure[at]:.3g}, limit {decision.limit[at]:g} ({checks[at]})"
                for at in gone.tolist()
            ]
        at = np.concatenate(rows) if rows else np.zeros(0, np.int64)
        return self.found(len(at), row=block.rows[at], column=names, confidence=CONFIDENCE, message=messages)

    def total(self, state: Any, schema: Schema) -> int:
        return int(state.texts)
