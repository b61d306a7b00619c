"""What the rules of a profile say of documents: measured once, decided as often as limits change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.finding import Dimension
from karat.flow.corpus.steps import Step

STAT = "stat."
EDITS = pa.schema(
    [
        ("row", pa.int64()),
        ("span_start", pa.int64()),
        ("span_end", pa.int64()),
        ("before", pa.string()),
        ("after", pa.string()),
        ("check", pa.string()),
    ]
)


@dataclass(frozen=True)
class Judged:
    """What one look at some documents gave.

    Parameters
    ----------
    stats : pyarrow.Table
        A row a document, a column a statistic, named with ``STAT`` before it.
    edits : pyarrow.Table
        ``EDITS``: lines cut or mended, ``row`` counted from 0, spans in characters of the text before.
    texts : pyarrow.Array
        The documents with the edits made.
    """

    stats: pa.Table
    edits: pa.Table
    texts: pa.Array


def judged(texts: pa.Array, profile: str) -> Judged:
    words = pc.list_value_length(pc.split_pattern(texts, " ")).cast(pa.float64())
    return Judged(pa.table({STAT + "words": words}), EDITS.empty_table(), texts)


def failing(facts: pa.Table, profile: str, limits: Mapping[str, float]) -> Iterator[tuple[str, Any, Any, float]]:
    """Each rule that some documents break: its code, their positions, what was measured, and the limit."""
    words = facts[STAT + "words"].to_numpy()
    limit = limits.get("words", 5.0)
    rows = np.flatnonzero(words < limit)
    yield "ShortTexts", rows, words[rows], limit


def kept_by_rules(facts: pa.Table, profile: str, limits: Mapping[str, float]) -> np.ndarray:
    """(n,) bool: documents that hold something and break no rule."""
    kept = facts["characters"].to_numpy() > 0
    for _, rows, _, _ in failing(facts, profile, limits):
        kept[rows] = False
    return kept


def steps(profile: str) -> dict[str, Step]:
    return {"ShortTexts": Step("ShortTexts", Dimension.COMPLETENESS, "words")}


def known(profile: str, limits: Mapping[str, float]) -> None:
    """Raise OptionError for a profile or a rule that is not known."""
