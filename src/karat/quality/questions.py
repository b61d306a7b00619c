"""What the records of a chat file ask: one text per record."""

import re
from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Column, Role, Schema
from karat.quality.turns import KIND, SYSTEMS, USER, layout, lines, speakers

RUN = 5  # words in a row that a question is looked for by; thirteen are too long for one (benchmarks/instructions.md)
TEXTS = ("text", "content", "question", "prompt", "problem", "query", "文本", "问题")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def asked(block: Block) -> pa.Array:
    """(n,) large string: all that the user says in each record, or its question in columns of their own; null: nothing.

    System texts are left out: thousands of records share them.
    """
    return block.memo("asked", lambda: _asked(block))


def _asked(block: Block) -> pa.Array:
    chat = layout(block.schema.names)
    parts: list[pa.Array] = []
    for turns in chat.turns[:1]:
        for at in range(turns.length):
            mine = speakers(block, turns.role(at)) == USER
            parts.append(pc.if_else(pa.array(mine), block.text(turns.content(at)), None))
    names = [name for pair in chat.pairs[:1] for name in pair.asked if name.casefold() not in SYSTEMS]
    parts += [block.text(name) for name in names]
    if not parts:
        return pa.nulls(len(block), pa.large_string())
    joined = lines(parts)
    return pc.if_else(pc.equal(joined, ""), None, joined)


def listed(batch: pa.RecordBatch, place: str) -> list[str]:
    """The questions of a test set, or its texts where it is no chat. Raises InputError where it has neither."""
    names = tuple(batch.schema.names)
    schema = Schema(tuple(Column(name, Role.TEXT) for name in names), kind=KIND)
    block = Block(np.arange(len(batch)), pa.Table.from_batches([batch]), schema)
    texts = asked(block)
    if texts.null_count == len(texts):
        plain = {name.casefold(): name for name in names}
        known = next((plain[word] for word in TEXTS if word in plain), None)
        if known is None:
            do = f"name one of its columns {' or '.join(TEXTS[:3])}"
            raise InputError(
                f"test set {place} has the columns {', '.join(names[:5])}, and none of questions or texts", do
            )
        texts = block.text(known)
    return [text for text in texts.to_pylist() if text]


def numbers(text: str) -> Counter[str]:
    """The numbers in a text and how often each stands there, as written but for the marks between thousands."""
    return Counter(number.replace(",", "") for number in NUMBER.findall(text))
