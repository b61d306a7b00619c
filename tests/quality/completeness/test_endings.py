"""How answers end: finished or not, in which context, and by which habit of their file."""

import pyarrow as pa
import pytest

from karat.core.degrees import SAMPLE
from karat.quality.completeness._endings import (
    BEFORE,
    CLASSES,
    CONTEXTS,
    FORM,
    EndingHabits,
    class_of,
    contexts,
    described,
    finished,
    habits,
)


def texts(*values):
    return pa.array(values, pa.large_string())


@pytest.mark.parametrize(
    "text",
    [
        "It is so.",
        "Is it?",
        "是的。",
        'he said "so."',
        "(it is so.)",
        "well…",
        "a “quoted”",
        "ok 😀",
        "<b>x</b>",
        "```",
    ],
)
def test_a_text_that_is_finished(text):
    assert finished(texts(text)).tolist() == [True]


@pytest.mark.parametrize("text", ["It is so", "3.5", "是的", "well,", "a)", ""])
def test_a_text_that_is_not(text):
    assert finished(texts(text)).tolist() == [False]


def test_last_lines_that_begin_with_a_mark_are_a_habit():
    seen = habits(texts(*["so\n#### 7"] * 18, "so\nAnswer: 7", "so\nno", "one line"))
    assert seen == EndingHabits((("####", 18), ("Answer:", 1)), 20)
    assert seen.marker == ("####", 0.9)
    assert habits(texts(*["so\n#### 7"] * 17, "a\nb", "a\nb", "a\nb")).marker == ("", 0.0)
    assert habits(texts(*["so\n#### 7"] * (SAMPLE - 1))).marker == ("", 0.0)
    assert habits(texts("one line")).marker == ("", 0.0)


def test_habits_of_two_parts_are_those_of_the_whole():
    first, second = ["so\n#### 7", "so\n= 2", "so"], ["so\n= 3", "so\n= 4", "x\ny"]
    assert habits(texts(*first)).merge(habits(texts(*second))) == habits(texts(*first, *second))
    assert EndingHabits((("b", 2), ("a", 2)), 4).merge(EndingHabits((("a", 1),), 1)).markers == (("a", 3), ("b", 2))


def test_a_mark_does_not_change_the_context():
    values = ["One sentence. And another one", "苹果很好吃。香蕉也很好吃", "- a thing of a kind", "word", "f(x) = {1}"]
    whole = contexts(texts(*(text + "." for text in values)))
    assert contexts(texts(*values)).tolist() == whole.tolist()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("word", "short word after nothing"),
        ("one two three four", "short word after nothing"),
        ("one two three four five", "short line after nothing"),
        ("一二三四五", "short word after nothing"),
        ("一二三四五六", "short line after nothing"),
        ("- bread", "short item after nothing"),
        ("3. bread", "short item after nothing"),
        ("Name: bread", "short item after nothing"),
        ("f(x) = 2", "short code after nothing"),
        ("x" * 41, "long word after nothing"),
        ("x" * 40, "short word after nothing"),
        ("Bread is good. So", "short word after a sentence"),
        ("First line.\nbread", "short word after closed lines"),
        ("First line\nbread", "short word after open lines"),
        ("a b.\nc d.\ne f\nbread", "short word after open lines"),  # two of three
        ("a.\nb.\nc.\nd\nbread", "short word after closed lines"),
        ("and then we went to the river", "prose line after nothing"),
        ("river, bread, stone, house, street, lamp", "short line after nothing"),
        ("river bread stone house street lamp", "short line after nothing"),
        ("我们的朋友都来了", "prose line after nothing"),
    ],
)
def test_a_context_in_words(text, words):
    (context,) = contexts(texts(text)).tolist()
    assert described(context) == words
    assert CLASSES[class_of(context)] == words.split()[1]


def test_contexts_are_numbered_through():
    assert CONTEXTS == len(CLASSES) * len(BEFORE) * len(FORM) == 48
    assert len({described(context) for context in range(CONTEXTS)}) == CONTEXTS
    assert [class_of(context) for context in (0, 11, 12, 47)] == [0, 0, 1, 3]
    assert contexts(texts()).tolist() == []
