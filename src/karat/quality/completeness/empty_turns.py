"""Turns in which nothing is said."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.by_exchange import AnsweredExchange
from karat.quality.turns import CELL, KIND, NOBODY, layout, no_chat, speakers

NOTHING = r"(?i)^[\s\p{P}\p{S}]*(n/?a|null|none|nan|nil|empty|无|空|暂无)?[\s\p{P}\p{S}]*$"
NUMBER_OR_CODE = r"[0-9\p{So}]|^[^\s]{1,3}$"  # a smiley, a mark or an operator can be an answer


@dataclass(frozen=True)
class EmptyTurns(Check):
    """A question or an answer with nothing in it: blank, white space, or a word that means missing.

    A model that learns from an empty answer learns to say nothing. A turn with a call of a tool in place of words is
    not empty, nor is a mark or a number.

    Source: ISO/IEC 5259-2, value completeness.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    kinds: ClassVar[frozenset[str]] = frozenset({KIND})
    measure_name: ClassVar[str] = "value completeness"
    unit: ClassVar[str] = "turns"

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return no_chat(schema)

    def learn(self, block: Block) -> AnsweredExchange:
        return AnsweredExchange(sum(int(there.sum()) for _, there in _wanted(block)))

    def judge(self, state: Any, block: Block, before: Any = None) -> pa.Table:
        rows, names, values, sure, messages = [], [], [], [], []
        for name, there in _wanted(block):
            text = block.text(name)
            blank = np.asarray(pc.is_null(text))
            void = np.asarray(pc.match_substring_regex(text.fill_null(""), NOTHING))
            real = np.asarray(pc.match_substring_regex(text.fill_null(""), NUMBER_OR_CODE)) & ~blank
            for at in np.flatnonzero(there & (blank | (void & ~real))).tolist():
                rows.append(int(block.rows[at]))
                names.append(name)
                values.append(text[at].as_py())
                word = values[-1] is not None and any(letter.isalpha() for letter in values[-1])
                sure.append(0.6 if word else 0.98)
                messages.append("nothing is said here" if not word else f"only {values[-1]!r}, a word for nothing")
        return self.found(
            len(rows),
            row=rows,
            column=names,
            value=values,
            confidence=sure,
            message=[f"{m} in {n}" for m, n in zip(messages, names, strict=True)],
        )

    def total(self, state: AnsweredExchange, schema: Schema) -> int:
        return state.answers


def _wanted(block: Block) -> list[tuple[str, np.ndarray]]:
    """The columns in which somebody must say something, and the records that have such a turn."""
    columns = layout(block.schema.names)
    out = []
    for turns in columns.turns:
        for at in range(turns.length):
            there = speakers(block, turns.role(at)) != NOBODY
            other = [c for c in block.schema.names if c.startswith(f"{turns.name}[{at}].") and "call" in c]
            for name in other:
                there = there & np.asarray(pc.is_null(block.text(name)))
            out.append((turns.content(at), there))
    everyone = np.ones(len(block), bool)
    for pair in columns.pairs:
        first = pair.asked[0] if len(pair.asked) == 1 else next((n for n in pair.asked if "input" not in n), "")
        if first and first.casefold() not in ("system", "context"):
            out.append((first, everyone))
        if not CELL.match(pair.answer) or pair.answer.split("[")[1].startswith("0]"):
            out.append((pair.answer, everyone))
    return list({name: (name, there) for name, there in out}.values())
