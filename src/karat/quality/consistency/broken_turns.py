"""Conversations whose speakers or their order cannot be."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.by_exchange import AnsweredExchange
from karat.quality.turns import (
    ASSISTANT,
    KIND,
    NOBODY,
    SYSTEM,
    TOOL,
    UNKNOWN,
    USER,
    Turns,
    layout,
    no_chat,
    speakers,
)

NAMES = {USER: "user", ASSISTANT: "assistant", SYSTEM: "system", TOOL: "tool"}
ANSWER_LISTS = ("chosen", "rejected")  # may hold the answer alone


@dataclass(frozen=True)
class BrokenTurns(Check):
    """A conversation in which a turn has no known speaker, one speaks twice in a row, the system speaks late, the
    assistant speaks first or nobody answers in the end.

    Chat templates refuse such records or join them wrongly, and the loss is counted on the wrong words. Calls of tools
    may follow each other.

    Source: the chat formats of OpenAI and ShareGPT; ISO/IEC 5259-2, data record consistency.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    kinds: ClassVar[frozenset[str]] = frozenset({KIND})
    measure_name: ClassVar[str] = "data record consistency"
    unit: ClassVar[str] = "records"

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return no_chat(schema) or (None if layout(schema.names).turns else DoesNotApply("no list of turns"))

    def learn(self, block: Block) -> AnsweredExchange:
        return AnsweredExchange(len(block))

    def judge(self, state: Any, block: Block, before: Any = None) -> pa.Table:
        parts = [self.found(0, confidence=[], message=[])]
        for turns in layout(block.schema.names).turns:
            parts += self._list(block, turns)
        return pa.concat_tables(parts)

    def _list(self, block: Block, turns: Turns) -> list[pa.Table]:
        who = np.stack([speakers(block, turns.role(at)) for at in range(turns.length)], axis=1)
        parts = []
        odd = np.zeros(len(block), bool)
        if turns.name in block.schema:
            odd = ~np.asarray(block.text(turns.name).is_null())
            parts.append(self._turn_findings(block, odd, turns.name, f"{turns.name} is no list of turns"))
        size = (who != NOBODY).sum(axis=1)
        parts.append(self._turn_findings(block, (size == 0) & ~odd, turns.role(0), "there is no turn in this record"))
        previous = np.full(len(block), NOBODY)  # the last speaker but the system and tools
        for at in range(turns.length):
            now, name = who[:, at], turns.role(at)
            parts.append(self._turn_findings(block, now == UNKNOWN, name, f"turn {at + 1} has an unknown speaker"))
            if at:
                late = (now == SYSTEM) & ((who[:, :at] == USER) | (who[:, :at] == ASSISTANT)).any(axis=1)
                parts.append(
                    self._turn_findings(block, late, name, f"the system speaks in turn {at + 1}, after others", 0.6)
                )
            same = (now == previous) & ((now == USER) | (now == ASSISTANT))
            parts += [
                self._turn_findings(
                    block, same & (now == speaker), name, f"{NAMES[speaker]} speaks twice in a row, up to turn {at + 1}"
                )
                for speaker in (USER, ASSISTANT)
            ]
            if turns.name not in ANSWER_LISTS:
                early = (now == ASSISTANT) & (previous == NOBODY)
                parts.append(self._turn_findings(block, early, name, "the assistant speaks before anybody asks", 0.7))
            previous = np.where((now == NOBODY) | (now == SYSTEM) | (now == UNKNOWN), previous, now)
        if turns.name != "prompt":
            last = np.maximum(size - 1, 0)
            final = who[np.arange(len(block)), last]
            for speaker in (USER, SYSTEM, TOOL):
                for at in np.unique(last[final == speaker]).tolist():
                    hit = (final == speaker) & (last == at)
                    parts.append(
                        self._turn_findings(
                            block, hit, turns.role(at), f"{NAMES[speaker]} has the last word: no answer"
                        )
                    )
        return parts

    def _turn_findings(self, block: Block, hit: np.ndarray, name: str, message: str, sure: float = 0.95) -> pa.Table:
        at = np.flatnonzero(hit)
        value = block.text(name).take(pa.array(at))
        return self.found(len(at), row=block.rows[at], column=name, value=value, confidence=sure, message=message)

    def total(self, state: AnsweredExchange, schema: Schema) -> int:
        return state.answers
