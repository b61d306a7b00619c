"""Lines for a terminal: cut at words, measured in cells, of which a Chinese character takes two."""

import re
import shutil
from collections.abc import Sequence

from rich.cells import cell_len

USUAL, WIDEST = 80, 100  # display: cells of a line where the terminal does not say, and at most
ELLIPSIS = "…"
GLUED = "\u00a0%"  # definition: a no-break space, so that a number stays with its sign
WIDE = 2  # definition: cells of a Chinese character (Unicode Standard Annex 11)
NAMED = re.compile(r" *(?:[^\s:]+(?: [^\s:]+)?)? {2,}(?=\S)")  # blanks, or a name and blanks, before what is said
OF_LISTS = (" ", "-", ">", "|")  # definition: how lines of lists, quotations and tables begin (CommonMark)
SHORT = 60  # display: characters; a shorter line ends where its author wanted
DEEPEST = 30  # display: cells of a name and its blanks; behind a longer one lines begin at the margin
NEVER_FIRST = frozenset("，。、；：！？）》」』”’…,.;:!?)")  # definition: closing marks, which begin no line


def width() -> int:
    """Cells of a line of this terminal, ``WIDEST`` at most."""
    return min(shutil.get_terminal_size((USUAL, 24)).columns, WIDEST)


def wrapped(text: str, size: int, indent: str = "", first: str | None = None) -> list[str]:
    """A text in lines of ``size`` cells; words, numbers and paths stay whole, between Chinese characters it may break.

    Parameters
    ----------
    size : int
        Cells of a line, with what it begins with.
    indent, first : str
        What lines begin with; the first one where it differs.
    """
    lines: list[str] = []
    line, empty = indent if first is None else first, True
    for piece, spaced in _pieces(text):
        gap = " " if spaced and not empty else ""
        if not empty and cell_len(line) + len(gap) + cell_len(piece) > size and piece not in NEVER_FIRST:
            lines.append(line.rstrip())
            line, gap = indent, ""
        line, empty = line + gap + piece, False
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[tuple[str, bool]]:
    """What stays whole, and whether a space stands before it."""
    out = []
    for word in " ".join(text.split()).replace(" %", GLUED).split(" "):
        spaced, kept = True, ""
        for char in word:
            if cell_len(char) >= WIDE:
                out += [(kept, spaced)] if kept else []
                spaced = spaced and not kept
                out.append((char, spaced))
                spaced, kept = False, ""
            else:
                kept += char
        out += [(kept, spaced)] if kept else []
    return [(piece.replace(GLUED, " %"), spaced) for piece, spaced in out]


def fitted(text: str, size: int) -> str:
    """A text in exactly ``size`` cells: padded, or shortened with an ellipsis."""
    return text + " " * (size - cell_len(text)) if cell_len(text) <= size else shortened(text, size)


def shortened(text: str, size: int) -> str:
    """A text in at most ``size`` cells, with an ellipsis where it was longer."""
    if cell_len(text) <= size:
        return text
    kept = ""
    for char in text:
        if cell_len(kept) + cell_len(char) > size - 1:
            break
        kept += char
    return kept + ELLIPSIS


def joined(parts: Sequence[str], size: int, indent: str, between: str = " · ") -> list[str]:
    """Parts one after the other in lines of ``size`` cells; no part is broken."""
    lines: list[str] = []
    line = ""
    for part in parts:
        if line and cell_len(indent + line + between + part) > size:
            lines.append(indent + line)
            line = part
        else:
            line = line + between + part if line else part
    return [*lines, indent + line] if line else lines


def on_terminal(text: str, size: int) -> str:
    """Lines cut to ``size`` cells; what follows a name stays in its column."""
    out: list[str] = []
    for line in text.split("\n"):
        if cell_len(line) <= size:
            out.append(line)
            continue
        name = NAMED.match(line)
        lead = name[0] if name and len(name[0]) <= DEEPEST else ""
        out += wrapped(line[len(lead) :], size, " " * cell_len(lead), lead)
    return "\n".join(out)


def paragraphs(text: str) -> str:
    """Prose whose lines were cut elsewhere, a paragraph a line; lists, tables and headings stay as they are."""
    out: list[str] = []
    for line in text.split("\n"):
        above = out[-1] if out else ""
        prose = line and not line.startswith(OF_LISTS) and set(line) - set("-=")
        if prose and len(above) > SHORT and not above.startswith(OF_LISTS):
            out[-1] = f"{above} {line}"
        else:
            out.append(line)
    return "\n".join(out)
