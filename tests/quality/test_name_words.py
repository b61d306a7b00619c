"""The lists of names are there, and what is a word is no sign of a name."""

from karat.quality.name_words import name_words


def test_the_lists():
    english, chinese = name_words()["english"], name_words()["chinese"]
    assert {"van", "de"} <= set(english["particles"])
    assert "France" in english["countries"]
    assert {"王", "李"} <= set(chinese["families"])
    assert "高兴" in chinese["words"].split("|")
