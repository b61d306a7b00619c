"""What every page has: words, a person, files of its own, and an answer for what is nowhere."""

from types import SimpleNamespace

import pytest

from karat.show.review.page import (
    MAX_NAME,
    STATIC,
    good_name,
    keep,
    language,
    page,
    person,
    static_file,
    static_mark,
    templates,
)

pytest.importorskip("starlette")


def request(cookies=None, **headers):
    return SimpleNamespace(cookies=cookies or {}, headers={k.replace("_", "-"): v for k, v in headers.items()})


def test_a_chosen_language_wins_over_the_browsers():
    assert language(request({"karat_language": "zh"})) == "zh"
    assert language(request({"karat_language": "xx"}, accept_language="zh-CN,en")) == "zh"
    assert language(request(accept_language="fr,en;q=0.5,zh")) == "en"
    assert language(request()) == "en"


@pytest.mark.parametrize(
    ("text", "name"),
    [(" 王\n芳 ", "王芳"), ("a  b", "a b"), ("\x00", ""), ("x" * MAX_NAME, "x" * MAX_NAME), ("x" * (MAX_NAME + 1), "")],
)
def test_names_of_people(text, name):
    assert good_name(text) == name


def test_who_is_looking_comes_from_the_cookie():
    assert person(request({"karat_who": "%E7%8E%8B%E8%8A%B3"})) == "王芳"
    assert person(request()) == ""


def test_cookies_are_for_this_page_alone():
    from starlette.responses import Response

    response = Response()
    keep(response, "karat_who", "王 芳")
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("karat_who=%E7%8E%8B%20%E8%8A%B3;")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Max-Age=31536000" in cookie


def test_style_and_script_are_marked_by_their_content():
    assert len(static_mark()) == 12
    assert all(static_file(name) for name in STATIC)
    style = static_file("review.css")
    assert style.startswith(b"/") or b"{" in style
    assert len(style) > len(static_file("karat.svg"))


def test_templates_escape_and_refuse_what_is_missing():
    from jinja2 import UndefinedError

    environment = templates()
    assert environment.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"
    with pytest.raises(UndefinedError):
        environment.from_string("{{ y }}").render()
    assert environment.from_string("{{ 0.5 | share }}").render() == "50.0 %"


def test_an_endpoint_reads_the_folder_anew_and_answers_404_for_nothing(client):
    import asyncio

    anna = client()
    board, refreshed = anna.board, []
    stand_in = SimpleNamespace(
        refresh=lambda: refreshed.append(1), run=board.run, name=board.name, facts=board.facts, instructions=""
    )
    url = SimpleNamespace(path="/x", query="")
    asked = SimpleNamespace(cookies={}, headers={}, url=url)
    nothing = asyncio.run(page(stand_in)(lambda _request: None)(asked))
    assert nothing.status_code == 404
    report = asyncio.run(page(stand_in)(lambda _request: ("message.html", {"title": "T<b>", "text": "x"}))(asked))
    assert report.status_code == 200
    assert b"T&lt;b&gt;" in report.body
    assert b"<html" in report.body
    assert refreshed == [1, 1]


def test_htmx_gets_the_part_that_changes(client):
    anna = client()
    assert "<html" in anna.get("/people").text
    assert "<html" not in anna.get("/people", hx_request="true").text
