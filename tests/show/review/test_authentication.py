"""The door: its own address, its own page, its token; all else is answered before the application is asked."""

import asyncio

import pytest

from karat.show.review.authentication import HEADERS, RequestGuard

HOST = "127.0.0.1:8470"


class App:
    def __init__(self, error=None):
        self.paths, self.error = [], error

    async def __call__(self, scope, receive, send):
        self.paths.append(scope.get("path", scope["type"]))
        if self.error:
            raise self.error
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-own", b"1")]})
        await send({"type": "http.response.body", "body": b"data"})


def asked(path="/", query="", method="GET", app=None, token="secret", **headers):
    """Status, headers and body that a request is answered with."""
    messages = []

    async def send(message):
        messages.append(message)

    named = {"host": HOST} | {name.replace("_", "-"): text for name, text in headers.items()}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), text.encode()) for name, text in named.items()],
    }
    guard = RequestGuard(app or App(), token, (HOST, "localhost:8470"), b"locked")
    asyncio.run(guard(scope, None, send))
    start = messages[0]
    return start["status"], dict(start["headers"]), messages[1]["body"]


COOKIE = {"cookie": "karat_review_8470=secret"}


def test_without_the_token_the_locked_page_is_shown():
    app = App()
    status, headers, body = asked(app=app)
    assert (status, body, headers[b"www-authenticate"]) == (401, b"locked", b"Bearer")
    assert app.paths == []
    for odd in ({"cookie": "karat_review_8470=secre"}, {"cookie": "karat_review_1=secret"}, {"cookie": 'a="'}):
        assert asked(**odd)[0] == 401
    assert asked(authorization="Bearer secrets")[0] == 401
    assert asked(authorization="Bearer sécret")[0] == 401


@pytest.mark.parametrize("headers", [COOKIE, {"authorization": "Bearer secret"}])
def test_with_the_token_the_application_answers_under_our_headers(headers):
    status, answered, body = asked(**headers)
    assert (status, body, answered[b"x-own"]) == (200, b"data", b"1")
    assert set(HEADERS) <= set(answered.items())
    assert answered[b"cache-control"] == b"no-store"


def test_style_and_script_need_no_token_and_may_be_kept():
    status, headers, _ = asked("/static/review.css")
    assert status == 200
    assert b"cache-control" not in headers
    assert asked("/statics/x")[0] == 401


def test_a_token_in_the_address_becomes_a_cookie():
    status, headers, _ = asked("/work", "kind=cell&token=secret&a=%20")
    assert (status, headers[b"location"]) == (303, b"/work?kind=cell&a=+")
    assert headers[b"set-cookie"] == b"karat_review_8470=secret; HttpOnly; SameSite=Strict; Path=/"
    assert asked("/", "token=secret")[1][b"location"] == b"/"
    assert asked("//evil.example/", "token=secret")[1][b"location"] == b"/evil.example/"
    assert asked("/", "token=wrong")[0] == 401


def test_the_token_leaves_the_address_of_who_is_in_already_but_not_of_programs():
    assert asked("/", "token=secret", **COOKIE)[0] == 303
    assert asked("/", "token=secret", authorization="Bearer secret")[0] == 200
    assert asked("/", "token=secret", method="POST")[0] == 401
    assert asked("/", "token=secret", method="POST", **COOKIE)[0] == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 403),
        ({"host": "127.0.0.1"}, 403),
        ({"host": "LOCALHOST:8470"}, 200),
        ({"origin": f"http://{HOST}"}, 200),
        ({"origin": f"https://{HOST}"}, 200),
        ({"origin": "http://localhost:8470"}, 403),
        ({"origin": "null"}, 403),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}, 200),
        ({"sec_fetch_site": "same-origin", "sec_fetch_mode": "cors"}, 200),
    ],
)
def test_foreign_pages_are_refused_even_with_the_token(headers, status):
    assert asked(**COOKIE, **headers)[0] == status


def test_an_error_is_one_line_for_the_person_at_the_terminal(capsys):
    class Failing(App):
        async def __call__(self, scope, receive, send):
            await super().__call__(scope, receive, send)
            raise ValueError("broken")

    assert asked(app=Failing(), **COOKIE)[0] == 200
    assert capsys.readouterr().err == "Error: /: ValueError: broken\n"


def test_what_is_no_request_passes_through():
    app = App()
    messages = []

    async def send(message):
        messages.append(message)

    asyncio.run(RequestGuard(app, "secret", (HOST,), b"")({"type": "lifespan"}, None, send))
    assert app.paths == ["lifespan"]
