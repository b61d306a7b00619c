"""Chats, instructions with their answers, and preferences between answers."""

from dataclasses import replace
from typing import ClassVar

import numpy as np

from karat.collect.instructions import chat_schema
from karat.collect.read import Contents
from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Role, Schema
from karat.kinds.kind import Kind, Sample
from karat.quality.turns import CELL, is_chat, layout


class Chats(Kind):
    """Chats: lists of turns, or columns of questions and answers with little beside them and nothing to predict."""

    name: ClassVar[str] = "chat"
    rank: ClassVar[int] = 20
    contents: ClassVar[Contents] = Contents(pictures=False)
    own_files: ClassVar[tuple[str, ...]] = ("data.jsonl",)

    def recognised(self, sample: Sample) -> str:
        """By lists of turns, or by the names of questions and answers whose cells are texts."""
        if sample.schema is None:
            return ""
        shape = layout(sample.schema.names)
        if shape.turns:
            return f"column {shape.turns[0].name!r} holds the turns of conversations"
        listed = [pair.answer for pair in shape.pairs if CELL.match(pair.answer)]
        if listed:
            return f"{listed[0]!r} answers a question"
        pairs = {column for pair in shape.pairs for column in (*pair.asked, pair.answer)}
        if not pairs or sample.target or not _wordy(sample.schema, pairs):
            return ""
        return f"column {shape.pairs[0].answer!r} answers {shape.pairs[0].asked[-1]!r}"

    def roles(self, sample: Sample) -> Schema:
        """What is said is text, who says it a category. Raises InputError where nobody asks or answers."""
        assert sample.schema is not None
        if not is_chat(sample.schema.names):
            raise InputError(
                f"no turns, and no questions with answers, among columns {', '.join(map(repr, sample.schema.names))}",
                "Leave --kind chat out, or name the columns messages, or question and answer",
            )
        return replace(chat_schema(sample.schema), kind=self.name)

    def facts(self, block: Block) -> list[tuple[str, str]]:
        """How many turns a conversation has, or which columns ask and answer."""
        shape = layout(block.schema.names)
        for turns in shape.turns[:1]:
            said = sum(
                np.asarray(block.text(turns.content(at)).is_valid()).astype(np.int64) for at in range(turns.length)
            )
            who = {name for at in range(turns.length) for name in block.coded(turns.role(at))[1].to_pylist()}
            mean = float(np.mean(said)) if len(block) else 0.0
            return [
                ("turns", f"{mean:.1f} a conversation on average, {turns.length} at most"),
                ("speakers", ", ".join(sorted(who))),
            ]
        asked = ((" + ".join(pair.asked), pair.answer) for pair in shape.pairs)
        return [("answers", ", ".join(f"{answer!r} to {question!r}" for question, answer in asked))]


def _wordy(schema: Schema, pairs: set[str]) -> bool:
    """Are the questions texts, and is there little beside questions and answers?"""
    text = any(schema[name].role is Role.TEXT for name in pairs)
    return text and len(schema) <= 2 * len(pairs) + 2 and not any(c.role is Role.NUMBER for c in schema)
