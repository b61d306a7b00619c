"""Asks in a terminal how a source is read: one key accepts, a number changes an assumption."""

import sys
from collections.abc import Mapping
from pathlib import Path

import typer

from karat import kinds
from karat.cli.say import say
from karat.core.errors import KaratError
from karat.flow.kept_reading import keep_reading, with_values
from karat.flow.looking import Look, look
from karat.flow.settings import Settings
from karat.show.lines import width, wrapped
from karat.show.preview import NAMES, ReadingChoice, assumed_lines, choices, in_words, preview

ACCEPT, LEAVE = ("\r", "\n", "y"), ("q", "\x1b", "\x03", "\x04")
HINTS = {
    "encoding": "such as utf-8, gb18030, cp1252",
    "delimiter": "comma, semicolon, tab, pipe, space or one character",
    "header_row": "a line such as 3, two such as 3-4, or 0 for none",
    "sheet": "the name of a sheet",
    "decimal": ". or ,",
    "date_order": "dmy, mdy or ymd",
    "kind": ", ".join(kinds.every()),
}


def can_ask() -> bool:
    """Is there a person at a terminal?"""
    return sys.stdin.isatty() and sys.stderr.isatty()


def settled(data: str, home: Path, settings: Settings, seen: Look, *, short: bool = False) -> Settings | None:
    """Let a person accept or change how a source is read; what was accepted is kept in the run folder.

    Parameters
    ----------
    short : bool
        Show what was assumed alone, not the columns.

    Returns
    -------
    Settings, or None where the person left.
    """
    tried: dict[str, str] = {}
    while True:
        lines = assumed_lines(seen, width(), numbered=True) if short else preview(seen, width(), numbered=True)
        say("\n".join(lines), error=True, told=True)
        numbered = [choice for choice in choices(seen) if choice.settable]
        say(f"\nEnter accepts · 1-{len(numbered)} changes that line · q quits", error=True)
        key = typer.getchar()
        if key in ACCEPT:
            values = keep_reading(home, data, settings, seen)
            return with_values(settings, values)
        if key in LEAVE:
            return None
        if key.isdigit() and 1 <= int(key) <= len(numbered):
            seen, settings = _changed(data, settings, seen, numbered[int(key) - 1], tried)


def _changed(
    data: str, settings: Settings, seen: Look, choice: ReadingChoice, tried: dict[str, str]
) -> tuple[Look, Settings]:
    """The source read with the runner-up of a choice, else with what the person types; as it was where that fails."""
    runner_up = choice.runner_up or tried.pop(choice.what, "")
    if not runner_up:
        runner_up = input(f"{NAMES[choice.what]} ({HINTS[choice.what]}): ").strip()
    if not runner_up:
        return seen, settings
    try:
        changed = with_values(settings, {choice.what: runner_up})
        read = look(data, changed)
    except KaratError as error:
        say("\n".join(wrapped(f"Error: {error}", width())), error=True)
        return seen, settings
    say(f"\n{NAMES[choice.what]}: {in_words(choice.what, runner_up)}\n", error=True)
    tried[choice.what] = choice.value
    return read, changed


def settled_where_unclear(data: str, home: Path, settings: Settings, kept: Mapping[str, object]) -> Settings:
    """The settings as they are, but where a person at a terminal has to decide how a source is read.

    Raises
    ------
    typer.Abort
        The person left.
    """
    if kept or not can_ask():
        return settings
    seen = look(data, settings)
    if not any(choice.unclear for choice in choices(seen)):
        return settings
    say("Nothing in the file decides how it is read. As it stands:\n", error=True)
    decided = settled(data, home, settings, seen, short=True)
    if decided is None:
        raise typer.Abort
    return decided
