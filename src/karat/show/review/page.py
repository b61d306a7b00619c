"""What every page of the review has: templates, language, who is looking, and how an answer is made."""

import hashlib
from collections.abc import Awaitable, Callable
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from karat.show import words
from karat.show.review.languages import check_title, preferred, says
from karat.show.review.live import is_live
from karat.show.review.session import Board
from karat.show.spoken import LANGUAGES, asked_for

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

FOLDER = Path(__file__).parent
STATIC = {
    "htmx.min.js": "text/javascript; charset=utf-8",
    "review.js": "text/javascript; charset=utf-8",
    "review.css": "text/css; charset=utf-8",
    "karat.svg": "image/svg+xml",
}
# what each key does, as the help tells it: keys, words
KEYS = (
    ("A", "key.accept"), ("R", "key.reject"), ("B", "key.other"), ("1 – 9", "key.label"), ("E", "key.edit"),
    ("S", "key.skip"), ("U", "key.undo"), ("←", "key.back"), ("⇧A ⇧R", "key.alike"), ("X", "key.remove"),
    ("O", "key.right"), ("⇧N", "key.never"), ("M", "key.note"), ("Z", "key.zoom"), ("/", "key.search"),
    ("↵", "key.go"), ("?", "key.help"), ("Esc", "key.close"),
)  # fmt: skip
MAX_NAME = 60  # display: characters
KEPT_SECONDS = 365 * 24 * 3600  # definition: a year
View = tuple[str, dict[str, Any]]  # template, what stands in it
Endpoint = Callable[["Request"], Awaitable["Response"]]


@cache
def static_file(name: str) -> bytes:
    """One of ``STATIC``; the style is the report's with the page's own behind it."""
    data = (FOLDER / "static" / name).read_bytes()
    return (FOLDER.parent / "templates" / "style.css").read_bytes() + data if name == "review.css" else data


@cache
def static_mark() -> str:
    """A hash over style and script, part of their addresses: a browser keeps them until they change."""
    return hashlib.sha256(b"".join(map(static_file, STATIC))).hexdigest()[:12]


@cache
def templates() -> Any:
    """The environment of the page's templates; every value is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"count": words.count, "share": words.share, "score": words.score, "signed": words.signed}
    environment.filters |= {"cell": words.value}
    environment.globals |= {"interval": words.interval, "languages": LANGUAGES}
    for name in environment.list_templates():
        environment.get_template(name)  # compiled before the first page is asked for
    return environment


def language(request: "Request") -> str:
    """As chosen on the page, else as asked for by ``--lang``, else as the browser prefers."""
    chosen = request.cookies.get("karat_language", "")
    if chosen in LANGUAGES:
        return chosen
    return asked_for() or preferred(request.headers.get("accept-language"))


def person(request: "Request") -> str:
    """Who is looking; "" before anybody has given a name."""
    return good_name(unquote(request.cookies.get("karat_who", "")))


def good_name(text: str) -> str:
    """A name without control characters, at most ``MAX_NAME`` characters; "" when it is none."""
    name = " ".join("".join(c for c in text if c.isprintable()).split())
    return name if len(name) <= MAX_NAME else ""


def keep(response: "Response", name: str, value: str) -> None:
    """Set a cookie that scripts cannot read and other sites cannot send."""
    response.set_cookie(name, quote(value), max_age=KEPT_SECONDS, httponly=True, samesite="strict")


def render(request: "Request", board: Board, template: str, values: dict[str, Any], status: int = 200) -> "Response":
    """A page, or for htmx the part of it that changes."""
    from starlette.responses import HTMLResponse

    chosen = language(request)
    common = {
        "say": says(chosen),
        "check_title": lambda code: check_title(code, chosen),
        "lang": chosen,
        "mark": static_mark(),
        "who": person(request),
        "name": board.name,
        "instructions": board.instructions,
        "keys": KEYS,
        "path": request.url.path,
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "has_lift": board.facts.has("lift.json"),
        "has_data": board.facts.schema is not None,
        "has_scores": board.facts.has("scores.json"),
        "has_live": is_live(board.run),
        "has_versions": board.facts.has("store"),
        "part": request.headers.get("hx-request") == "true",
    }
    return HTMLResponse(templates().get_template(template).render(common | values), status)


def page(board: Board) -> Callable[[Callable[["Request"], View | None]], Endpoint]:
    """An endpoint, run off the event loop, from a function that tells a template and its values; None answers 404."""

    def endpoint_of(tell: Callable[["Request"], View | None]) -> Endpoint:
        @wraps(tell)
        async def endpoint(request: "Request") -> "Response":
            from starlette.concurrency import run_in_threadpool

            return await run_in_threadpool(_answered, request)

        def _answered(request: "Request") -> "Response":
            board.refresh()
            values = tell(request)
            return missing(request, board) if values is None else render(request, board, *values)

        return endpoint

    return endpoint_of


def missing(request: "Request", board: Board) -> "Response":
    """404 in words."""
    return render(request, board, "message.html", {"title": "404", "text": says(language(request))("not.found")}, 404)
