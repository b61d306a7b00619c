"""Strangers told text by text: as the whole column's look says, asked once for each text."""

import numpy as np

from karat.core.schema import Column, Role
from karat.quality.accuracy._stranger_look import StrangerLook, strangers_or_blanks


class Home:
    """A column at home with whole numbers and the word "red"."""

    column = Column("c", Role.CATEGORY)

    def __init__(self):
        self.asked = []

    def quickly_home(self, number):
        return number == int(number)

    def strange(self, distinct):
        self.asked.append(distinct.texts[0])
        return np.array([distinct.texts[0] != "red"])


class Cells:
    """Two columns of four records."""

    size, sent = 4, frozenset({"c", "d"})

    def texts(self, name):
        return {"c": ["7", "red", "blue", None], "d": ["x", None, "x", "x"]}[name]


def test_a_text_is_asked_about_once_and_a_number_at_home_never():
    look = StrangerLook(Home())
    assert [look.is_one(text) for text in ("7", "red", "blue", "blue", "red", "7")] == [
        False,
        False,
        True,
        True,
        False,
        False,
    ]
    assert look.home.asked == ["red", "blue"]


def test_records_with_a_stranger_or_a_blank_are_doubted():
    assert strangers_or_blanks([StrangerLook(Home())], [])(Cells()) == [2]
    assert strangers_or_blanks([StrangerLook(Home())], ["d", "not sent"])(Cells()) == [1, 2]
