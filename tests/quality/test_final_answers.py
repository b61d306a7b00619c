"""What answers come down to, read from answers written in the usual ways."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.final_answers import (
    BOOLEAN,
    CHOICE,
    COUNT,
    FREE,
    MARKED,
    SHORT,
    comparable,
    final_answers,
)
from karat.quality.turns import exchanges


def finals(*rows):
    table = pa.table({"question": pa.array([row[0] for row in rows]), "answer": pa.array([row[1] for row in rows])})
    schema = Schema((Column("question", Role.TEXT), Column("answer", Role.TEXT)), kind="chat")
    return final_answers(exchanges(Block(np.arange(len(rows)), table, schema)))


LONG = "There is a great deal to say about this and none of it is short."


@pytest.mark.parametrize(
    ("asked", "answer", "kind", "text"),
    [
        ("x", f"{LONG}\n#### 72", MARKED, "72"),
        ("x", f"{LONG} so \\boxed{{12}} it is, as I said.", MARKED, "12"),
        ("x", "I think the final answer is: Paris.", MARKED, "Paris"),
        ("x", "所以答案是 42。", MARKED, "42"),
        ("x", "Yes, because I say so.", BOOLEAN, "Yes"),
        ("x", "不是，那是错的", BOOLEAN, "不是"),
        ("x", "Yesterday", SHORT, "Yesterday"),
        ("x", "(B) the second one", CHOICE, "B"),
        ("x", "Option c: the third", CHOICE, "c"),
        ("x", "F) none", SHORT, "F) none"),
        ("How many are there?", f"{LONG} From 3 to 1,200.5 apples!", COUNT, "1,200.5"),
        ("How many are there?", "12 apples", COUNT, "12"),
        ("一共有多少？", "12个", COUNT, "12"),
        ("Why 3?", "12 apples", SHORT, "12 apples"),
        ("x", "a" * 60, SHORT, "a" * 60),
        ("x", "A" * 61, FREE, "a" * 61),
        ("How many?", LONG, FREE, LONG.lower().rstrip(".")),
        ("x", None, SHORT, ""),
    ],
)
def test_the_final_answer_and_how_it_is_known(asked, answer, kind, text):
    answers = finals((asked, answer))
    assert (answers.kinds.tolist(), answers.texts.to_pylist()) == ([kind], [text])


def test_an_answer_that_is_marked_goes_before_yes_and_no():
    assert finals(("x", "Yes. The answer is 7.")).kinds.tolist() == [MARKED]


@pytest.mark.parametrize(
    ("asked", "answer", "closed"),
    [
        ("Tell me more", f"{LONG} It goes on.", False),
        ("Tell me more", "No.", True),
        ("Tell me more", "B.", True),
        ("Tell me more", "So be it", False),
        ("Who wrote it?", f"{LONG} It goes on.", True),
        ("How many?", LONG, True),
        ("首都在", LONG, True),
        ("whoever", LONG, False),
    ],
)
def test_a_question_of_one_right_answer_shows_in_its_words_or_its_answer(asked, answer, closed):
    assert finals((asked, answer)).closed.tolist() == [closed]


@pytest.mark.parametrize(
    ("answer", "borne_out"),
    [
        ("3 + 4 = 7\n#### 7", True),
        ("3 + 4 = 7.0\n#### 7", True),
        ("so it is 1,000\n#### 1000", True),
        ("3 + 4\n#### 7", False),
        ("17 + 70\n#### 7", False),
        ("the cat\n#### cat", False),
        ("7 and 7", False),
    ],
)
def test_a_marked_number_is_borne_out_where_it_stands_before_too(answer, borne_out):
    assert finals(("x", answer)).borne_out.tolist() == [borne_out]


@pytest.mark.parametrize(
    ("text", "kind", "form"),
    [
        ("72.00", MARKED, ("number", "72")),
        ("72.50", MARKED, ("number", "72.5")),
        ("$1,000", MARKED, ("number", "1000")),
        ("−5", SHORT, ("number", "-5")),
        ("100", SHORT, ("number", "100")),
        ("there are 5 apples in the basket", COUNT, ("number", "5")),
        ("there are 5 apples in the basket", SHORT, ("words", "there are 5 apples in the basket")),
        ("5 abcdefghijk", SHORT, ("number", "5")),  # twelve letters around it
        ("5 abcdefghijkl", SHORT, ("words", "5 abcdefghijkl")),
        ("5 of 6", MARKED, ("words", "5 of 6")),
        ("Yes", BOOLEAN, ("truth", "yes")),
        ("correct, it is", BOOLEAN, ("truth", "yes")),
        ("true", SHORT, ("truth", "yes")),
        ("False.", SHORT, ("truth", "no")),
        ("不对", SHORT, ("truth", "no")),
        ("yes and no", SHORT, ("words", "yes and no")),
        ("B", CHOICE, ("choice", "b")),
        ("e", SHORT, ("choice", "e")),
        ("f", SHORT, ("words", "f")),
        ("New   York!", SHORT, ("words", "new york")),
        ("As It Stands.", FREE, ("free", "As It Stands.")),
    ],
)
def test_answers_are_compared_in_one_form(text, kind, form):
    assert comparable(text, kind) == form
