"""Published rules for texts as a check: asked of every text column of a corpus."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.core.finding import DoesNotApply
from karat.core.schema import Role
from karat.quality.documents import FACTS, DocumentCheck, DocumentFacts, Objection, objection
from karat.quality.text_rules import TextRule, numbers_of

PAPER = "paper"


def text_scores(texts: pa.Array, workers: int = 2) -> pa.Table:
    """Every statistic of every text: int32 columns, a row a text; null counts as empty.

    Parameters
    ----------
    workers : int
        Threads.
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
    return pa.table({name: np.ascontiguousarray(counts[:, at], np.int32) for at, name in enumerate(COLUMNS)})


@dataclass(frozen=True)
class TextFamily(DocumentCheck):
    """One family of rules. Each rule has a limit, which is a parameter of the check.

    Parameters
    ----------
    variant : str
        Which of them.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"TextStatistics"})
    confidence: ClassVar[float] = 0.7  # a rule of thumb: what it removes can be looked at, and brought back
    length_bound: ClassVar[bool] = True
    of_profile: ClassVar[bool] = True

    variant: str = PAPER

    @abstractmethod
    def variants(self) -> Mapping[str, tuple[TextRule, ...]]:
        """The family's rules as different sources and programs apply them, in the order in which they are asked."""

    def rules(self) -> tuple[TextRule, ...]:
        """The rules that are asked, with this check's limits. Raises OptionError for a variant that is not known."""
        known = self.variants()
        if self.variant not in known:
            raise OptionError.unknown("variant", self.variant, known, self.code())
        return tuple(rule.with_limit(getattr(self, rule.parameter)) for rule in known[self.variant])

    def objections(self, facts: DocumentFacts) -> Iterator[Objection]:
        for rule in self.rules():
            values = rule.measure(dict(facts.statistics))
            yield from objection(rule.parameter, values, rule.breaks(values), rule.limit)

    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        side = "above" if value > limit else "below"
        return f"{self._rule(parameter).says}: {value:.4g}, {side} the limit of {limit:g}"

    def source_of(self, parameter: str) -> str:
        return self._rule(parameter).source

    def _rule(self, parameter: str) -> TextRule:
        return next(rule for rule in self.variants()[self.variant] if rule.parameter == parameter)

    def judge(self, state: Any, block: Block, before: Any = None) -> pa.Table | DoesNotApply:
        if FACTS in block.extra:
            return super().judge(state, block, before)
        column = block.schema.with_role(Role.TEXT)[0].name
        facts = DocumentFacts(numbers_of(block.annotation("TextStatistics", column)))
        findings = self.findings_about(facts, block.rows, column)
        blank = block.rows[block.missing(column)]
        return findings.filter(pc.invert(pc.is_in(findings["row"], pa.array(blank))))
