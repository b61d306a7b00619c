"""The door of the review page: this machine, this token, this page's own requests; nothing of the data is ever run."""

import hmac
import sys
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),  # with none at all a form of our own would come from the origin "null"
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
NEVER_KEPT = (b"cache-control", b"no-store")  # data; our own style and script are kept by their content's mark
OPEN = "/static/"  # our own style and script: nothing of the data
Scope = dict[str, Any]


class RequestGuard:
    """Lets a request through or answers it: 403 for a foreign host or origin, 401 without the token.

    Parameters
    ----------
    app : ASGI application
    hosts : tuple of str
        Names this page answers to, with port, lower case; any other ``Host`` is refused, so that a foreign page cannot
        reach it under a name of its own.
    locked : bytes
        The page shown without the token.
    """

    def __init__(self, app: Any, token: str, hosts: tuple[str, ...], locked: bytes) -> None:
        self.app, self.token, self.hosts, self.locked = app, token, hosts, locked
        self.cookie = "karat_review_" + (hosts[0].rpartition(":")[2] if hosts else "")

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "").lower()
        if self._foreign(headers, host):
            await _answer(send, 403, b"forbidden: this page answers only to its own address\n", "text/plain")
            return
        source = self._token_source(scope, headers)
        if source == "address":
            await _answer(send, 303, b"", "text/plain", (("location", _without_token(scope)), self._set_cookie()))
        elif source or scope["path"].startswith(OPEN):
            await self._passed(scope, receive, send)
        else:
            await _answer(send, 401, self.locked, "text/html; charset=utf-8", (("www-authenticate", "Bearer"),))

    async def _passed(self, scope: Scope, receive: Any, send: Any) -> None:
        try:
            kept = scope["path"].startswith(OPEN)
            await self.app(scope, receive, _with_headers(send, HEADERS if kept else (*HEADERS, NEVER_KEPT)))
        except Exception as error:  # noqa: BLE001  answered 500 by now; a person sees one line, never a traceback
            print(f"Error: {scope['path']}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)

    def _foreign(self, headers: dict[str, str], host: str) -> bool:
        if host not in self.hosts:
            return True
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in (f"http://{host}", f"https://{host}"):
            return True
        return headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate"

    def _token_source(self, scope: Scope, headers: dict[str, str]) -> str:
        """Where the token was found: ``cookie``, ``header``, ``address``, or "" where it was not."""
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            cookies = SimpleCookie()
        if self.cookie in cookies and self._same(cookies[self.cookie].value):
            source = "cookie"
        elif self._same(headers.get("authorization", "").removeprefix("Bearer ")):
            source = "header"
        else:
            source = ""
        in_address = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("token", "")
        if self._same(in_address) and scope["method"] == "GET" and source != "header":
            return "address"
        return source

    def _same(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.token.encode())

    def _set_cookie(self) -> tuple[str, str]:
        return "set-cookie", f"{self.cookie}={self.token}; HttpOnly; SameSite=Strict; Path=/"


def _without_token(scope: Scope) -> str:
    rest = [(name, value) for name, value in parse_qsl(scope["query_string"].decode("latin-1")) if name != "token"]
    path = "/" + quote(scope["path"]).lstrip("/")  # never another host
    return path + ("?" + urlencode(rest) if rest else "")


def _with_headers(send: Any, more: tuple[tuple[bytes, bytes], ...]) -> Any:
    async def sent(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = message | {"headers": [*message.get("headers", ()), *more]}
        await send(message)

    return sent


async def _answer(send: Any, status: int, body: bytes, kind: str, more: tuple[tuple[str, str], ...] = ()) -> None:
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    headers += [(name.encode(), value.encode()) for name, value in more]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *HEADERS, NEVER_KEPT]})
    await send({"type": "http.response.body", "body": body})
