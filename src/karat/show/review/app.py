"""The web application of the review page."""

from typing import TYPE_CHECKING, Any

from karat.core.errors import KaratError
from karat.show.review.authentication import RequestGuard
from karat.show.review.deciding import Deciding
from karat.show.review.exports import FILES
from karat.show.review.image_routes import Looking
from karat.show.review.languages import says
from karat.show.review.live import is_live, live
from karat.show.review.page import STATIC, language, missing, page, static_file, static_mark, templates
from karat.show.review.session import Board
from karat.show.review.wide_actions import WideActions
from karat.show.spoken import speaking

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

KEEP = "max-age=31536000, immutable"


def application(board: Board, token: str, hosts: tuple[str, ...]) -> Any:
    """The page of one run folder, behind its door.

    Parameters
    ----------
    token : str
        Without it every request is answered 401.
    hosts : tuple of str
        ``name:port`` the page answers to, lower case.
    """
    from starlette.applications import Starlette

    async def not_found(request: "Request", _error: Any) -> "Response":
        return missing(request, board)

    async def refused(_request: "Request", error: Exception) -> "Response":
        from starlette.responses import PlainTextResponse

        return PlainTextResponse(f"{error}\n", 503)

    app = Starlette(routes=_routes(board), exception_handlers={404: not_found, 405: not_found, KaratError: refused})
    return RequestGuard(_Spoken(app), token, hosts, _locked())


def _routes(board: Board) -> list[Any]:
    from starlette.routing import Route

    work, look, endpoint = Deciding(board), Looking(board), page(board)
    wide, files = WideActions(board, work), _Files(board)
    return [
        Route("/", endpoint(work.home)),
        Route("/work", endpoint(work.work)),
        Route("/work/{at:int}", endpoint(work.work)),
        Route("/cases", endpoint(work.cases)),
        Route("/decide", work.decide, methods=["POST"]),
        Route("/undo", work.undo, methods=["POST"]),
        Route("/decide-many", wide.many, methods=["POST"]),
        Route("/decide-wide", wide.wide, methods=["POST"]),
        Route("/ask-again", wide.ask_again, methods=["POST"]),
        Route("/note", wide.note, methods=["POST"]),
        Route("/back", wide.back),
        Route("/person", work.sign_in, methods=["POST"]),
        Route("/choose", work.choose, methods=["POST"]),
        Route("/scores", endpoint(look.scores)),
        Route("/findings", endpoint(look.findings)),
        Route("/columns", endpoint(look.columns)),
        Route("/column/{at:int}", endpoint(look.column)),
        Route("/lift", endpoint(look.lift)),
        Route("/versions", endpoint(look.versions)),
        Route("/difference", endpoint(look.difference)),
        Route("/live", endpoint(lambda _request: ("live.html", live(board.run)) if is_live(board.run) else None)),
        Route("/people", endpoint(look.people)),
        Route("/picture/{side:int}/{row:int}/{column:int}", files.picture),
        Route("/export/{name}", files.export),
        Route("/static/{name}", files.static),
    ]


def _locked() -> bytes:
    """The page without the token, in both languages: nobody's preference is asked before the door."""
    values = {"texts": [(language, says(language)) for language in ("en", "zh")], "mark": static_mark()}
    return str(templates().get_template("locked.html").render(values)).encode()


class _Spoken:
    """Everything an answer says is said in the language of who asks, what is told by other parts of Karat too."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """One request."""
        from starlette.requests import Request

        with speaking(language(Request(scope)) if scope["type"] == "http" else "en"):
            await self.app(scope, receive, send)


class _Files:
    """What is no page: our own style and script, pictures of the data, decisions as files."""

    def __init__(self, board: Board) -> None:
        self.board = board

    async def static(self, request: "Request") -> "Response":
        from starlette.responses import Response

        name = request.path_params["name"]
        if name not in STATIC:
            return missing(request, self.board)
        keep = KEEP if request.query_params.get("v") == static_mark() else "no-cache"
        return Response(static_file(name), headers={"content-type": STATIC[name], "cache-control": keep})

    async def picture(self, request: "Request") -> "Response":
        from starlette.concurrency import run_in_threadpool
        from starlette.responses import Response

        asked, names = request.path_params, self.board.records.pictures
        if asked["column"] >= len(names):
            return missing(request, self.board)
        get = self.board.records.picture
        picture = await run_in_threadpool(get, asked["row"], names[asked["column"]], asked["side"])
        if picture is None:
            return missing(request, self.board)
        return Response(picture[0], headers={"content-type": picture[1], "content-disposition": "inline"})

    async def export(self, request: "Request") -> "Response":
        from starlette.concurrency import run_in_threadpool
        from starlette.responses import Response

        name = request.path_params["name"]
        if name not in FILES:
            return missing(request, self.board)
        text, kind = await run_in_threadpool(FILES[name], self.board)
        return Response(text, headers={"content-type": kind, "content-disposition": f'attachment; filename="{name}"'})
