"""What is left of pages in documents: tags and entities, lines of navigation; taken out, with ledger rows."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.patch import LEDGER, changes
from karat.flow.corpus.mending import places_of
from karat.quality.accuracy.boilerplate_lines import BoilerplateLines
from karat.quality.consistency.html_in_texts import HtmlInTexts

Place = tuple[int | None, int | None, str, str]


def taken_out(texts: pa.Array, column: str, how: Mapping[str, Any]) -> tuple[pa.Array, list[pa.Table]]:
    """Texts without what the settings want out, and ledger rows; spans are in characters of the text before the step.

    Parameters
    ----------
    texts : pyarrow.Array of string
    column : str
    how : mapping
        ``html``, ``boilerplate``: bool.
    """
    from karat.clean.boilerplate_lines import without_boilerplate, without_html

    ledgers = []
    for wanted, step, code, spans in (
        ("html", without_html, HtmlInTexts.code(), places_of),
        ("boilerplate", without_boilerplate, BoilerplateLines.code(), _lines_gone),
    ):
        if how[wanted]:
            made = step(texts)
            ledgers.append(_rows(texts, made, column, code, spans))
            texts = made
    return texts, ledgers


def _rows(before: pa.Array, after: pa.Array, column: str, code: str, spans: Any) -> pa.Table:
    at = pa.array(np.flatnonzero(pc.not_equal(before, after)))
    pairs = zip(at.to_pylist(), before.take(at).to_pylist(), after.take(at).to_pylist(), strict=True)
    rows = [(row, *place) for row, old, new in pairs for place in spans(old, new)]
    if not rows:
        return LEDGER.empty_table()
    row, start, end, was, is_now = (list(values) for values in zip(*rows, strict=True))
    given = {"row": row, "span_start": start, "span_end": end, "before": was, "after": is_now}
    return changes(len(rows), column=column, action="edit", check=code, confidence=0.9, **given)


def _lines_gone(before: str, after: str) -> Iterator[Place]:
    """The whole lines that a text lost; a line that stays never looks like one that goes."""
    left, begin = after.split("\n"), 0
    at = 0
    for line in before.split("\n"):
        if at < len(left) and line == left[at]:
            at += 1
        else:
            yield begin, begin + len(line), line, ""
        begin += len(line) + 1
