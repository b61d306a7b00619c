"""Says something on the terminal: results on stdout, progress and errors on stderr, lines cut where they fit."""

import sys

from karat.show.lines import on_terminal, paragraphs, width
from karat.show.terminal import terminal


def say(text: str, *, error: bool = False, prose: bool = False, told: bool = False) -> None:
    """Print lines; on a terminal they are cut at words, elsewhere they are left whole for other programs.

    Parameters
    ----------
    error : bool
        To stderr: progress, questions, errors.
    prose : bool
        Paragraphs that were cut elsewhere are cut anew.
    told : bool
        They are in the language spoken, or of the data, and stay as they are.
    """
    text = text if told else terminal(text)
    stream = sys.stderr if error else sys.stdout
    if stream.isatty():
        text = on_terminal(paragraphs(text) if prose else text, width())
    print(text, file=stream, flush=error)
