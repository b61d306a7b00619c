"""What the terminal says, in the language spoken: a name, and parts between dots, each by its wording."""

import re

from karat.show.language import by_wording, language, terminal_names
from karat.show.lines import fitted

LINE = re.compile(r"( *)(\S+|read as|of labels)(\s{2,}|\s*$)(.*)")
DIMENSION = re.compile(r"(\S+|of labels)( +)(\S.*)")  # and its score
BETWEEN = " · "


def terminal(text: str) -> str:
    """Lines in the language spoken; a part whose wording is not known stays English."""
    return "\n".join(map(_line, text.split("\n"))) if language() != "en" else text


def name_of(word: str) -> str:
    """A name or single word of ours in the language spoken."""
    return terminal_names().get(word, word) if language() == "zh" else word


def _line(line: str) -> str:
    match = LINE.fullmatch(line)
    name = terminal_names().get(match[2]) if match else None
    if match is None or name is None:
        lead = line[: len(line) - len(line.lstrip())]
        return lead + _parts(line.strip())
    rest, own = match[4], DIMENSION.fullmatch(match[4])
    if own and own[1] in terminal_names():
        rest = fitted(terminal_names()[own[1]], len(own[1]) + len(own[2])) + _parts(own[3])
    else:
        rest = _parts(rest)
    return match[1] + fitted(name, len(match[2]) + len(match[3])) + rest


def _parts(text: str) -> str:
    return by_wording(text, "terminal") or BETWEEN.join(map(_part, text.split(BETWEEN)))


def _part(text: str) -> str:
    return by_wording(text, "terminal") or terminal_names().get(text, text)
