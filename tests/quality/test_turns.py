"""Chats as columns: their layout, who speaks, and every answer with what it answers."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.turns import (
    ASSISTANT,
    NOBODY,
    SYSTEM,
    TOOL,
    UNKNOWN,
    USER,
    Pair,
    Turns,
    exchanges,
    is_chat,
    layout,
    lines,
    loose,
    no_chat,
    speakers,
)


def block_of(**columns):
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return Block(np.arange(len(table)), table, Schema(tuple(Column(name, Role.TEXT) for name in columns), kind="chat"))


def messages(*records):
    """Lists of turns as columns, each record a list of (role, content)."""
    longest = max(len(record) for record in records)
    columns = {}
    for at in range(longest):
        for place, key in enumerate(("role", "content")):
            columns[f"messages[{at}].{key}"] = [r[at][place] if at < len(r) else None for r in records]
    return block_of(**columns)


def listed(pairs):
    return list(zip(pairs.at.tolist(), pairs.asked.to_pylist(), pairs.answer.to_pylist(), pairs.columns(), pairs.last.tolist(), strict=True))  # fmt: skip


def test_lists_of_turns_and_pairs_of_columns():
    chat = layout(("id", "messages[0].role", "messages[0].content", "messages[1].role", "messages[1].content"))
    assert chat.turns == (Turns("messages", 2),)
    assert chat.columns == ("messages[0].content", "messages[1].content")
    chat = layout(("Output", "Instruction", "input", "note"))
    assert chat.pairs == (Pair(("Instruction", "input"), "Output"),)
    assert chat.columns == ("Instruction", "input", "Output")


def test_several_answers_share_the_question():
    chat = layout(("prompt", "chosen", "rejected", "data[0].answer", "data[0].question"))
    asked = ("prompt", "data[0].question")
    assert chat.pairs == (Pair(("prompt",), "chosen"), Pair(("prompt",), "rejected"), Pair(asked, "data[0].answer"))


@pytest.mark.parametrize(
    ("names", "chat"),
    [
        (("question", "answer"), True),
        (("answer",), False),
        (("question",), False),
        (("messages[0].role", "messages[0].content"), True),
        (("messages[0].role", "messages[0].content", "messages[1].role"), False),  # a turn without its content
        (("items[0].question", "items[0].answer"), True),
        (("a", "b"), False),
        ((), False),
    ],
)
def test_what_is_a_chat(names, chat):
    assert is_chat(names) == chat
    schema = Schema(tuple(Column(name, Role.TEXT) for name in names))
    assert (no_chat(schema) is None) == chat


def test_who_speaks():
    block = messages([("User", "a")], [(" GPT ", "b")], [("system", "c")], [("tool", "d")], [("captain", "e")], [(None, "f")], [(None, None)])  # fmt: skip
    kinds = [USER, ASSISTANT, SYSTEM, TOOL, UNKNOWN, UNKNOWN, NOBODY]
    assert speakers(block, "messages[0].role").tolist() == kinds


def test_each_answer_of_a_chat_with_the_last_question_before_it():
    block = messages(
        [("system", "S"), ("user", "Q1"), ("assistant", "A1"), ("user", "Q2"), ("assistant", "A2")],
        [("user", "Q3"), ("assistant", "A3"), ("assistant", "A4")],
        [("assistant", "A5")],
        [("user", "Q6")],
    )
    assert listed(exchanges(block)) == [
        (0, "Q1", "A1", "messages[2].content", False),
        (0, "Q2", "A2", "messages[4].content", True),
        (1, "Q3", "A3", "messages[1].content", False),
        (1, "Q3", "A4", "messages[2].content", True),
        (2, None, "A5", "messages[0].content", True),
    ]
    assert exchanges(block) is exchanges(block)


def test_the_context_of_an_answer_is_all_before_it_but_case_and_marks():
    question, answer = ("user", "What is it?"), ("assistant", "x")
    block = messages(
        [question, answer],
        [("user", "what is  it"), answer],
        [("user", "What was it?"), answer],
        [("system", "Be kind"), question, answer],
        [question, ("assistant", "y")],
    )
    context = dict(zip(exchanges(block).at.tolist(), exchanges(block).context.tolist(), strict=True))
    assert context[0] == context[1] == context[4]
    assert len({context[0], context[2], context[3]}) == 3


def test_pairs_of_columns_join_what_is_asked():
    block = block_of(instruction=["Add", "Say", None], input=["1, 2", None, ""], output=["3", None, "z"])
    assert listed(exchanges(block)) == [
        (0, "Add\n1, 2", "3", "output", True),
        (1, "Say", None, "output", True),
        (2, None, "z", "output", True),
    ]
    assert exchanges(block).asked_in.tolist() == [exchanges(block).names.index("input")] * 3


def test_of_a_list_of_answers_only_those_that_are_there_count():
    block = block_of(**{"question": ["q", "r"], "qa[0].answer": ["a", "b"], "qa[1].answer": ["c", None]})
    assert listed(exchanges(block)) == [
        (0, "q", "a", "qa[0].answer", False),
        (0, "q", "c", "qa[1].answer", True),
        (1, "r", "b", "qa[0].answer", True),
    ]


def test_some_of_the_exchanges_by_place_or_by_mask():
    pairs = exchanges(block_of(question=["q", "r", "s"], answer=["a", "b", "c"]))
    assert len(pairs) == 3
    assert pairs.take(np.array([2, 0])).answer.to_pylist() == ["c", "a"]
    some = pairs.take(np.array([False, True, True]))
    assert (some.at.tolist(), some.asked.to_pylist(), some.columns()) == ([1, 2], ["r", "s"], ["answer", "answer"])


def test_no_exchanges_at_all():
    assert len(exchanges(block_of(note=["a"]))) == 0
    assert len(exchanges(messages([("user", "Q")]))) == 0


def test_loose_texts_have_no_case_width_or_marks():
    values = ["  What's\nUP?! ", "ＡＢＣ，中文。", None, "a-b", "..."]
    assert loose(pa.array(values)).to_pylist() == ["what s up", "abc 中文", "", "a-b", ""]


def test_lines_leave_out_what_is_null():
    parts = [pa.array(values) for values in (["a", None, None, "d"], ["b", "c", None, None], ["x", None, None, ""])]
    assert lines(parts).to_pylist() == ["a\nb\nx", "c", None, "d\n"]
    assert lines(parts[:1]).to_pylist() == ["a", None, None, "d"]
