"""``karat review``: starts the page and says where it is."""

import contextlib
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from karat.core.errors import OptionError
from karat.core.release import install
from karat.deploy.running import listening
from karat.show.review.app import application
from karat.show.review.image_routes import column_shape
from karat.show.review.queue import Tick
from karat.show.review.session import Board

HOST, PORT = "127.0.0.1", 8470
STOP_SECONDS = 5  # cost: given to requests under way


def review(
    run: Path,
    host: str = HOST,
    port: int = PORT,
    *,
    token: str = "",
    settings: Path | None = None,
    tick: Tick = lambda _what, _done: None,
    ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve the review page of a run folder until interrupted.

    Parameters
    ----------
    host : str
        Address to listen on; by default this machine alone.
    port : int
        In [0, 65535]; 0 takes any free one.
    token : str
        "" makes a new one.
    settings : Path or None
        A ``karat.toml`` with a table ``[review]``; None takes the run's own.
    tick : callable
        Told what is being read and how many cases it holds.
    ready : callable
        Told the address, with the token, once requests are taken.

    Raises
    ------
    OptionError
        When the extra ``serve`` is not installed.
    InputError
        When the folder holds nothing that Karat made.
    MachineError
        When the port cannot be had or decisions cannot be written.
    """
    uvicorn = _installed()
    board = Board(run, tick, settings)
    token = token or secrets.token_urlsafe(24)
    try:
        with listening(host, port) as door:
            number = door.getsockname()[1]
            threading.Thread(target=board.warm, args=(column_shape,), daemon=True).start()
            app = application(board, token, hosts(host, number))
            shown = host if ":" not in host else f"[{host}]"
            ready(f"http://{shown}:{number}/?token={token}")
            config = uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=STOP_SECONDS,
            )
            with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again once it has stopped in order
                uvicorn.Server(config).run([door])
    finally:
        board.close()


def hosts(host: str, port: int) -> tuple[str, ...]:
    """The names a page that listens on a host may be called by."""
    names = ["127.0.0.1", "localhost", "[::1]"]
    if host not in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "::"):  # noqa: S104  compared, not bound
        names.append(host.lower() if ":" not in host else f"[{host.lower()}]")
    return tuple(f"{name}:{port}" for name in names)


def _installed() -> Any:
    try:
        import starlette  # noqa: F401
        import uvicorn
    except ImportError as error:
        raise OptionError(
            f"karat review needs the extra 'serve': module {error.name} is not installed",
            install("serve"),
        ) from error
    return uvicorn
