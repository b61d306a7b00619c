"""``karat review``, the page on which people decide, and ``karat report``, the report of a run that is there."""

from pathlib import Path
from typing import Annotated

import typer

from karat.cli.app import app
from karat.cli.commands import Lang
from karat.cli.run_commands import Run, run_folder
from karat.cli.say import say


@app.command()
def review(
    run: Annotated[Path, typer.Argument(help="a run folder", metavar="RUN")],
    host: Annotated[str, typer.Option(help="the address to bind")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="the port; 0 for any free one")] = 8470,
    settings: Annotated[Path | None, typer.Option(help="a karat.toml with a table [review]; else the run's")] = None,
    lang: Lang = "",
) -> None:
    """Decide what needs review, on a page."""
    from karat.show.review.serving import review as reviewed

    if not lang:
        _as_of(run)

    def tick(what: str, done: int) -> None:
        say(f"reading {what}: {done:,} rows", error=True)

    def ready(address: str) -> None:
        say(
            f"Review page: {address}\nDecisions are saved as you make them. Press Ctrl-C to stop.",
            error=True,
        )

    reviewed(run, host, port, settings=settings, tick=tick, ready=ready)


@app.command()
def report(
    run: Run,
    lang: Lang = "",
    compare: Annotated[Path | None, typer.Option(help="another run folder: both side by side", metavar="RUN")] = None,
    out: Annotated[Path | None, typer.Option(help="the file to write; default RUN/report.LANG.html")] = None,
) -> None:
    """Write the report of a run again, in English or Chinese, or compare two runs."""
    from karat.show.comparison import comparison
    from karat.show.report import write_page
    from karat.show.spoken import language, speaking

    if not lang:
        _as_of(run_folder(run))
    lang = language()
    if compare is not None:
        with speaking(lang):
            say("\n".join(comparison(run_folder(run), run_folder(compare))))
        return
    place = out or run_folder(run) / f"report.{lang}.html"
    write_page(run_folder(run), place, lang)
    say(f"report     {place}")


def _as_of(run: Path) -> None:
    """Speak as ``[show] lang`` of a run says."""
    from karat.flow.settings import read_settings
    from karat.show.spoken import speak

    place = run / "karat.toml"
    if place.is_file():
        speak(read_settings(place).show.lang)
