"""Chats and instructions as columns: which hold what is asked, and which what is answered."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import DoesNotApply
from karat.core.hashes import row_hashes, text_hashes
from karat.core.schema import Schema

KIND = "chat"
CELL = re.compile(r"^(\w+)\[(\d+)\]\.(\w+)$")
PROMPTS = ("system", "instruction", "question", "prompt", "query", "context", "input", "指令", "问题", "提问", "输入")
ANSWERS = ("output", "response", "answer", "completion", "chosen", "rejected", "输出", "回答", "答案", "回复")
USERS = ("user", "human", "prompter", "customer", "用户", "人类", "问")
ASSISTANTS = ("assistant", "gpt", "chatgpt", "bot", "model", "ai", "助手", "机器人", "答")
SYSTEMS = ("system", "developer", "系统")
TOOLS = ("tool", "function", "observation", "function_call", "tool_call", "ipython", "工具")
SPEAKERS = {name: kind for kind, names in enumerate((USERS, ASSISTANTS, SYSTEMS, TOOLS)) for name in names}
USER, ASSISTANT, SYSTEM, TOOL, UNKNOWN, NOBODY = range(6)
LINE = pa.scalar("\n", pa.large_string())
LOOSE = r"[\s\"'`“”‘’«»「」『』.,;:!?。，、；：！？…·]+"


@dataclass(frozen=True)
class Turns:
    """One list of turns: ``messages[k].role`` and ``messages[k].content`` for each k."""

    name: str
    length: int

    def role(self, at: int) -> str:
        """The column that says who speaks."""
        return f"{self.name}[{at}].role"

    def content(self, at: int) -> str:
        """The column that holds what is said."""
        return f"{self.name}[{at}].content"


@dataclass(frozen=True)
class Pair:
    """What is asked and what is answered, in columns of their own."""

    asked: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class ChatLayout:
    """Where a chat file keeps its questions and answers: lists of turns, or pairs of columns."""

    turns: tuple[Turns, ...]
    pairs: tuple[Pair, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of text that somebody says."""
        said = [turns.content(at) for turns in self.turns for at in range(turns.length)]
        return tuple(dict.fromkeys([*said, *(name for pair in self.pairs for name in (*pair.asked, pair.answer))]))


@lru_cache(maxsize=64)
def layout(names: tuple[str, ...]) -> ChatLayout:
    """The layout of a file with such columns."""
    lists: dict[str, dict[int, set[str]]] = {}
    for name in names:
        if match := CELL.match(name):
            lists.setdefault(match[1], {}).setdefault(int(match[2]), set()).add(match[3])
    turns = tuple(
        Turns(name, len(cells))
        for name, cells in lists.items()
        if all({"role", "content"} <= c for c in cells.values())
    )
    plain = {name.casefold(): name for name in names}
    asked = tuple(plain[word] for word in PROMPTS if word in plain)
    pairs = [Pair(asked, plain[word]) for word in ANSWERS if asked and word in plain]
    for name, cells in lists.items():
        for at, keys in sorted(cells.items()):
            inner = tuple(f"{name}[{at}].{word}" for word in PROMPTS if word in keys)
            pairs += [Pair((*asked, *inner), f"{name}[{at}].{word}") for word in ANSWERS if word in keys]
    return ChatLayout(turns, tuple(pairs))


def is_chat(names: Sequence[str]) -> bool:
    """Do the columns hold questions and answers?"""
    chat = layout(tuple(names))
    return bool(chat.turns or chat.pairs)


def no_chat(schema: Schema) -> DoesNotApply | None:
    """Why a check of chats does not apply; None when it does."""
    return None if is_chat(schema.names) else DoesNotApply("no column of questions and answers")


def speakers(block: Block, column: str) -> np.ndarray:
    """(n,) who speaks: ``USER``, ``ASSISTANT``, ``SYSTEM``, ``TOOL``, ``UNKNOWN``, or ``NOBODY`` past the last turn."""

    def make() -> np.ndarray:
        codes, values = block.encoded(column)
        kinds = np.array([*(SPEAKERS.get(value.strip().casefold(), UNKNOWN) for value in values), NOBODY], np.int8)
        said = np.asarray(block.text(column.removesuffix("role") + "content").is_valid())
        return np.where((codes < 0) & said, UNKNOWN, kinds[codes])

    return block.memo(("speakers", column), make)


@dataclass(frozen=True)
class Exchanges:
    """Every answer of some records with what it answers, one entry each.

    Parameters
    ----------
    at : ndarray of int64, shape (e,)
        Position of the record in the block.
    asked, answer : pyarrow.Array of large string
        The last question (several columns joined by a line break), and the answer; null where empty.
    context : ndarray of uint64
        Hash of all that stands before the answer, case, white space and punctuation aside.
    column, asked_in : ndarray of int64
        The answer's column and that of the question, as places in ``names``.
    last : ndarray of bool
        Is it the last answer of its record?
    """

    at: np.ndarray
    asked: pa.Array
    answer: pa.Array
    context: np.ndarray
    column: np.ndarray
    asked_in: np.ndarray
    last: np.ndarray
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.at)

    def take(self, keep: np.ndarray) -> "Exchanges":
        """The exchanges at some places, or where a mask is true."""
        at = np.flatnonzero(keep) if keep.dtype == bool else keep
        asked, answer = self.asked.take(pa.array(at)), self.answer.take(pa.array(at))
        context, column, asked_in = self.context[at], self.column[at], self.asked_in[at]
        return Exchanges(self.at[at], asked, answer, context, column, asked_in, self.last[at], self.names)

    def columns(self) -> list[str]:
        """The answer's column of each."""
        return [self.names[place] for place in self.column.tolist()]


def exchanges(block: Block) -> Exchanges:
    """The exchanges of a block, in order of record and turn; computed once per block."""
    return block.memo("exchanges", lambda: _joined(list(_parts(block)), block))


def loose(texts: pa.Array) -> pa.Array:
    """Texts without case, width, white space and punctuation between words; "" for null."""
    plain = pc.utf8_lower(pc.utf8_normalize(texts.fill_null(""), "NFKC"))
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(plain, LOOSE, " "))


def lines(parts: Sequence[pa.Array]) -> pa.Array:
    """Texts joined by line breaks, element by element; what is null is left out, and null where all are."""
    joined = pc.cast(parts[0], pa.large_string())
    for part in parts[1:]:
        more = pc.cast(part, pa.large_string())
        # null where one of them is; Arrow's own way to skip nulls loses an element where all are null
        joined = pc.coalesce(pc.binary_join_element_wise(joined, more, LINE), joined, more)
    return joined


def _parts(block: Block) -> Iterator[tuple[np.ndarray, pa.Array, pa.Array, np.ndarray, str, str]]:
    chat = layout(block.schema.names)
    for turns in chat.turns:
        yield from _turn_parts(block, turns)
    everyone = np.arange(len(block))
    for pair in chat.pairs:
        asked = lines([block.text(name) for name in pair.asked])
        asked = pc.if_else(pc.equal(asked, ""), None, asked)
        context = text_hashes(loose(asked).cast(pa.large_string()))
        answer = pc.cast(block.text(pair.answer), pa.large_string())
        # a list of several answers is as long as its record makes it
        there = np.asarray(answer.is_valid()) if CELL.match(pair.answer) else np.ones(len(block), bool)
        at = everyone[there]
        yield (
            at,
            asked.filter(pa.array(there)),
            answer.filter(pa.array(there)),
            context[there],
            pair.answer,
            pair.asked[-1],
        )


def _turn_parts(block: Block, turns: Turns) -> Iterator[tuple[np.ndarray, pa.Array, pa.Array, np.ndarray, str, str]]:
    context = np.zeros(len(block), np.uint64)
    asked = pa.nulls(len(block), pa.large_string())
    column = turns.content(0)
    for at in range(turns.length):
        who = speakers(block, turns.role(at))
        said = pc.cast(block.text(turns.content(at)), pa.large_string())
        answers = np.flatnonzero(who == ASSISTANT)
        if len(answers):
            pick = pa.array(answers)
            yield answers, asked.take(pick), said.take(pick), context[answers], turns.content(at), column
        if (who == USER).any():
            asked, column = pc.if_else(pa.array(who == USER), said, asked), turns.content(at)
        words = text_hashes(loose(said).cast(pa.large_string()))
        context = np.where(who == NOBODY, context, row_hashes(context ^ words ^ np.uint64(at)))


def _joined(parts: list[tuple[np.ndarray, pa.Array, pa.Array, np.ndarray, str, str]], block: Block) -> Exchanges:
    names = tuple(dict.fromkeys(name for part in parts for name in part[4:]))
    place = {name: at for at, name in enumerate(names)}
    none, void = pa.nulls(0, pa.large_string()), np.zeros(0, np.int64)
    at = np.concatenate([void, *(part[0] for part in parts)])
    column = np.concatenate([void, *(np.full(len(part[0]), place[part[4]]) for part in parts)])
    asked_in = np.concatenate([void, *(np.full(len(part[0]), place[part[5]]) for part in parts)])
    context = np.concatenate([np.zeros(0, np.uint64), *(part[3] for part in parts)])
    order = np.argsort(at, kind="stable")
    last = np.zeros(len(at), bool)
    final = np.full(len(block), -1)
    final[at] = np.arange(len(at))  # the parts come turn by turn: the last one written stays
    last[final[final >= 0]] = True
    whole = Exchanges(
        at,
        pa.concat_arrays([none, *(part[1] for part in parts)]),
        pa.concat_arrays([none, *(part[2] for part in parts)]),
        context,
        column,
        asked_in,
        last,
        names,
    )
    return whole.take(order)
