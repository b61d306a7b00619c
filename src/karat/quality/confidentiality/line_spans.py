"""Where personal data stands in one text: for a line that is shown, not for the cells of a table."""

import re
from functools import cache

from karat.quality.confidentiality.entities import ENTITIES, chosen
from karat.quality.confidentiality.spans import (
    FEWEST_DIGITS,
    HINTS,
    LEAST,
    MAIL_NAME,
    NUMBER,
    Span,
    find,
    hint_of,
    numbers_in,
    spans_in,
    without_overlaps,
)

RUN = re.compile(r"[0-9][0-9 .()/\-]*")  # digits and what stands between them


def spans_of(text: str) -> list[Span]:
    """What ``find`` says of one text, in order; of plain signs without machine code, which takes a second to load."""
    if not text.isascii():
        return [Span(row["start"], row["end"], row["entity"], row["confidence"]) for row in find([text]).to_pylist()]
    hints = [(entity, hint_of(entity)) for entity in chosen(())]
    by_letters = [e for e, hint in hints if hint not in (MAIL_NAME, NUMBER) and _expression(hint).search(text)]
    runs = [run.span() for run in RUN.finditer(text) if sum(map(str.isdigit, run.group())) >= FEWEST_DIGITS]
    mail = ENTITIES[MAIL_NAME]
    spans = [*spans_in(text, by_letters), *numbers_in(text, [e for e, hint in hints if hint == NUMBER], runs)]
    spans += [Span(match.start(), match.end(), mail.name, mail.certain) for match in mail.pattern.finditer(text)]
    return without_overlaps(spans, LEAST)


@cache
def _expression(hint: str) -> re.Pattern[str]:
    return re.compile(HINTS.get(hint, hint), re.ASCII)  # as Arrow's expressions read it
