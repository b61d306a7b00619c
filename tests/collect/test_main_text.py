"""The text of a page, and the encoding of its bytes."""

import pytest

from karat.collect.main_text import MOST_CHARACTERS, main_text, missing_extra, page_text

STORY = "Mayors of four towns met on Monday to speak about the bridge that was closed in spring. " * 5
PAGE = f"<html><body><nav><a href='/'>Menu entry</a></nav><article><p>{STORY}</p></article></body></html>"


def test_the_text_a_reader_came_for() -> None:
    pytest.importorskip("trafilatura")
    text = main_text(PAGE)
    assert text is not None
    assert "bridge that was closed" in text
    assert "Menu entry" not in text
    assert main_text(PAGE.replace("bridge", "bri\x00dge\x0c")) is not None


@pytest.mark.parametrize("page", ["", " \n", "<html></html>"])
def test_a_page_without_text_has_none(page: str) -> None:
    pytest.importorskip("trafilatura")
    assert main_text(page) is None


def test_a_page_that_is_too_long_or_breaks_the_parser_is_read_the_fast_way(monkeypatch) -> None:
    trafilatura = pytest.importorskip("trafilatura")
    pytest.importorskip("resiliparse")
    asked = []

    def failing(page, **_):
        asked.append(len(page))
        raise ValueError("no parser")

    monkeypatch.setattr(trafilatura, "extract", failing)
    assert "bridge" in main_text(PAGE)
    assert asked == [len(PAGE)]
    exact = PAGE + " " * (MOST_CHARACTERS - len(PAGE))
    assert "bridge" in main_text(exact)
    assert "bridge" in main_text(exact + " ")
    assert len(asked) == 2  # a character more, and it is not asked at all


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("é".encode(), None, "é"),
        (b"\xef\xbb\xbf" + "é".encode(), "cp1251", "é"),
        ("é€".encode("cp1252"), "ISO-8859-1", "é€"),
        ("天气".encode("gb18030"), "gb2312", "天气"),
        (b'<meta charset="koi8-r">' + "Привет".encode("koi8-r"), None, '<meta charset="koi8-r">Привет'),
        (b'<meta charset="koi8-r">' + "é".encode(), "utf-8", '<meta charset="koi8-r">é'),
        ("é".encode(), "no-such-codec", "é"),
        (b"", None, ""),
    ],
)
def test_the_encoding_is_the_marks_the_servers_or_the_pages(data: bytes, charset: str | None, text: str) -> None:
    assert page_text(data, charset) == text


def test_a_charset_that_the_bytes_deny_is_not_believed() -> None:
    assert (
        page_text("Привет, мир. Как дела сегодня?".encode("cp1251") * 3, "utf-8")
        == "Привет, мир. Как дела сегодня?" * 3
    )


def test_the_missing_extra_says_how_to_install_it() -> None:
    error = missing_extra("web archives")
    assert error.problem == "reading web archives needs the extra 'text', which is not installed"
    assert error.do == "Run pip install 'karat-data[text]'"
