"""``karat review``: the page on which people decide."""

from pathlib import Path
from typing import Annotated

import typer

from karat.cli.app import app
from karat.cli.say import say


@app.command()
def review(
    run: Annotated[Path, typer.Argument(help="a run folder", metavar="RUN")],
    host: Annotated[str, typer.Option(help="the address to bind")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="the port; 0 for any free one")] = 8470,
) -> None:
    """Decide what needs review, on a page."""
    from karat.show.review.serving import review as reviewed

    def tick(what: str, done: int) -> None:
        say(f"reading {what}: {done:,} rows", error=True)

    def ready(address: str) -> None:
        say(
            f"Review page: {address}\nDecisions are saved as you make them. Press Ctrl-C to stop.",
            error=True,
        )

    reviewed(run, host, port, tick=tick, ready=ready)
