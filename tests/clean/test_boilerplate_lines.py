"""Boilerplate lines and remains of HTML."""

import pytest

from karat.clean.boilerplate_lines import without_boilerplate, without_html

GONE = [
    "We use cookies to improve your experience.",
    "Accept all cookies",
    "© 2024 Example Ltd. All rights reserved.",
    "Share this on Facebook",
    "Log in / Register",
    "Read more »",
    "Skip to main content",
    "Please enable JavaScript to view the comments.",
    "12 comments",
    "版权所有 © 2024 某某公司",
    "分享到微信朋友圈",
    "上一篇：旧闻",
    "点击查看更多".replace("查看", ""),
    "京ICP备12345678号-1",
    "责任编辑：王某",
]
STAYS = [
    "The committee discussed how browsers use cookies, and why that matters for the law of privacy in Europe.",
    "Home prices rose by four per cent.",
    "He would share this with nobody.",
    "Search parties found the boat on Tuesday.",
    "作者在书中写道，城市的夜晚属于诗人。",
    "(c) One of them is wrong, but which one nobody knows.",
    "",
]


@pytest.mark.parametrize("line", GONE)
def test_lines_of_the_page_go(line):
    assert without_boilerplate([f"A sentence.\n{line}\nAnother one."]).to_pylist() == ["A sentence.\nAnother one."]


@pytest.mark.parametrize("line", STAYS)
def test_lines_of_the_text_stay(line):
    text = f"A sentence.\n{line}\nAnother one."
    assert without_boilerplate([text, None]).to_pylist() == [text, None]


def test_html_goes_where_there_is_enough_of_it():
    page = "<div><p>One &amp; two</p><script>var a = 1;</script><p class='x'>three&nbsp;four</p></div>"
    quoted = "The tag <b> makes bold, a < b and c > d, R&D stays."
    assert without_html([page, quoted, None]).to_pylist() == ["One & two\nthree four\n\n", quoted, None]
