import contextlib

import pytest

from karat.quality.accuracy.broken_encoding import BrokenEncoding, turned_back

WORDS = ["北京", "上海市浦东新区", "你好", "价格：100元", "Café", "São Paulo", "Zürich", "naïve “quoted”", "Straße"]


MISREADINGS = [("utf-8", "latin-1"), ("utf-8", "cp1252"), ("utf-8", "gb18030"), ("gbk", "latin-1")]


def garbled():
    for word in WORDS:
        for right, wrong in MISREADINGS:
            if right == "utf-8" or any("\u4e00" <= ch <= "\u9fff" for ch in word):
                with contextlib.suppress(UnicodeError):  # not every misreading is possible
                    yield word, word.encode(right).decode(wrong)


@pytest.mark.parametrize(("word", "wrong"), list(garbled()))
def test_what_was_read_wrongly_is_turned_back(word, wrong):
    assert turned_back(wrong)[0] == word


@pytest.mark.parametrize("word", [*WORDS, "ÄÖÜß", "東京", "繁體中文", "联通", "№ 5 – “ok”", "Ελλάδα", "plain"])
def test_what_is_right_stays(word):
    assert turned_back(word)[0] is None


def test_garbled_cells_are_found_with_what_they_meant(judge):
    a = [["北京", "Zürich", "plain"][at % 3] for at in range(60)]
    a[5], a[6] = "ZÃ¼rich", "上�"
    assert judge(BrokenEncoding(), {"a": a}) == {(5, "a"): (0.95, "Zürich"), (6, "a"): (0.9, None)}


def test_garbled_twice():
    assert turned_back("Zürich".encode().decode("cp1252").encode().decode("cp1252"))[0] == "Zürich"
