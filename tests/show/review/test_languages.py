"""Every word of the page in both languages."""

import re
import string

import pytest

from karat.show.review.languages import _table, check_title, preferred, says
from karat.show.review.page import FOLDER

USED = sorted(
    {
        key
        for path in [*FOLDER.glob("templates/*.html"), *FOLDER.glob("*.py")]
        for key in re.findall(r'\bsay\("([a-z.]+)"', path.read_text(encoding="utf-8"))
        if not key.endswith(".")
    }
)


@pytest.mark.parametrize("key", USED)
def test_every_word_that_is_used_is_there(key):
    assert len(_table()["words"][key]) == 2


def test_both_languages_take_the_same_values():
    def names(text):
        return {field for _, field, _, _ in string.Formatter().parse(text) if field}

    for key, (english, chinese) in _table()["words"].items():
        assert names(english) == names(chinese), key
        assert bool(english) == bool(chinese), key


def test_the_browser_says_which():
    assert preferred("zh-CN,zh;q=0.9,en;q=0.8") == "zh"
    assert preferred("de-DE,en-US;q=0.7") == "en"
    assert preferred(None) == "en"
    assert says("zh")("skip") == "跳过"
    assert says("en")("no such word") == "no such word"
    assert check_title("SuspectLabels", "zh") == "可疑标签"
    assert check_title("SomebodyElsesCheck", "zh") == "Somebody elses check"
