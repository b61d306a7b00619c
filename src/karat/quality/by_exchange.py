"""What the checks on chats share: they look at every answer beside its question."""

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import DoesNotApply
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.turns import KIND, Exchanges, exchanges, no_chat


@dataclass(frozen=True)
class JudgedExchange:
    """What a check says about one exchange.

    Parameters
    ----------
    place : int
        The exchange's place in the block's list.
    confidence : float
        Probability in [0, 1] that the answer should be another.
    message : str
        The evidence in words.
    """

    place: int
    confidence: float
    message: str


@dataclass(frozen=True)
class AnsweredExchange:
    """How many answers there are."""

    answers: int

    def merge(self, other: "AnsweredExchange") -> "AnsweredExchange":
        return AnsweredExchange(self.answers + other.answers)


@dataclass(frozen=True)
class ByExchange(Check):
    """A check whose findings are about answers; a subclass says which, and learns what it needs."""

    kinds: ClassVar[frozenset[str]] = frozenset({KIND})
    unit: ClassVar[str] = "answers"

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return no_chat(schema)

    def learn(self, block: Block) -> Any:
        return AnsweredExchange(len(exchanges(block)))

    @abstractmethod
    def judged(self, state: Any, pairs: Exchanges, block: Block) -> Iterable[JudgedExchange]:
        """What is wrong with some of the exchanges."""

    def judge(self, state: Any, block: Block, before: Any = None) -> pa.Table:
        pairs = exchanges(block)
        verdicts = list(self.judged(state, pairs, block))
        at = np.array([verdict.place for verdict in verdicts], np.int64)
        return self.found(
            len(verdicts),
            row=block.rows[pairs.at[at]],
            column=[pairs.names[place] for place in pairs.column[at].tolist()],
            value=pairs.answer.take(pa.array(at)),
            confidence=[verdict.confidence for verdict in verdicts],
            message=[verdict.message for verdict in verdicts],
        )

    def total(self, state: Any, schema: Schema) -> int:
        return int(state.answers)
