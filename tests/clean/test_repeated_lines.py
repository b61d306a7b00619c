"""Lines that many texts have."""

import pytest

from karat.clean.repeated_lines import repeated_lines
from karat.core.errors import OptionError

MENU = "首页 | 新闻 | 体育 | 关于我们 | 登录"


def cut(texts: list[str], **options) -> list[str]:
    out = list(texts)
    for row in reversed(repeated_lines(texts, **options).to_pylist()):
        text = out[row["row"]]
        out[row["row"]] = text[: row["span_start"]] + text[row["span_end"] :]
    return out


def test_a_menu_goes_from_all_pages_but_the_first():
    pages = [f"{MENU}\n第{k}篇文章的正文，各不相同。\r\n  {MENU}  \n尾" for k in range(4)]
    wanted = [pages[0], *(f"第{k}篇文章的正文，各不相同。\r\n尾" for k in range(1, 4))]
    assert cut(pages, min_texts=4) == wanted
    assert cut(pages, min_texts=5) == pages
    assert cut(pages, min_texts=2, keep_first=False)[0] == "第0篇文章的正文，各不相同。\r\n尾"
    found = repeated_lines(pages, min_texts=4)
    assert set(found["texts"].to_pylist()) == {4}
    assert set(found["keeper"].to_pylist()) == {0}


def test_a_text_counts_once_however_often_it_has_the_line():
    assert repeated_lines(["the same line\n" * 9, "another line"], min_texts=2).num_rows == 0


def test_short_lines_are_left_alone():
    texts = ["}\n" * 3 + f"line of code {k}" for k in range(20)]
    assert repeated_lines(texts).num_rows == 0


def test_paragraphs_end_with_a_blank_line():
    notice = "All rights reserved.\nNo part of this may be copied."
    texts = [f"Text {k}, first paragraph.\n\n{notice}\n \nText {k}, last." for k in range(3)]
    wanted = [texts[0], *(f"Text {k}, first paragraph.\n \nText {k}, last." for k in (1, 2))]
    assert cut(texts, unit="paragraph", min_texts=3) == wanted


def test_nulls_empty_texts_and_unknown_units():
    assert repeated_lines([None, "", "\n\n", None], min_texts=2, min_characters=0).num_rows == 0
    with pytest.raises(OptionError, match="unit"):
        repeated_lines(["a"], unit="word")
