"""Flagged words are counted as a share."""

import pytest

from karat.clean.flagged_words import flagged
from karat.core.errors import OptionError


def test_shares_of_words_and_of_characters():
    found = flagged(
        ["free XXX porn now", "an honest text about Essex and dildoes-free Sussex", "博彩网站，赌场", None, ""]
    )
    assert found.to_pylist() == [0.5, 0.0, pytest.approx(4 / 6), 0.0, 0.0]


def test_a_list_of_your_own():
    texts = ["Foo and bar", "foobar", "这里有坏词", "porn"]
    assert flagged(texts, ["foo", "坏词"]).to_pylist() == [pytest.approx(1 / 3), 0.0, pytest.approx(2 / 5), 0.0]
    assert flagged(["a+b c"], ["a+b"]).to_pylist()[0] > 0
    with pytest.raises(OptionError):
        flagged(texts, [" "])
