"""Documents: web pages, articles, books, what a language model is trained on."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.collect.read import Contents
from karat.collect.roles import DOCUMENTS, LONG_TEXT
from karat.core.block import Block
from karat.core.degrees import MOST
from karat.core.schema import Role
from karat.kinds.kind import Goal, Kind, Layout, Sample
from karat.quality.turns import is_chat

REPLIES = frozenset({"chosen", "rejected"})  # two answers of which one is better
STRUCTURE = r"^\s*[\[{]"


class Texts(Kind):
    """A corpus: one column of long texts, which is alone or has the name of documents, and nothing to predict.

    Records that have a long note, whatever its name, are no documents: rules for web pages would remove them.
    """

    name: ClassVar[str] = "text"
    rank: ClassVar[int] = 30
    contents: ClassVar[Contents] = Contents(folder="texts", turns=False, pictures=False)
    goal: ClassVar[Goal] = Goal.MODEL_TEXT
    layout: ClassVar[Layout] = Layout.PARTS

    def recognised(self, sample: Sample) -> str:
        """By the files it is made of, or the one column of documents; by the beginning alone, before all is read."""
        if sample.target or sample.schema is not None:
            return ""
        if sample.files == "pages":
            return "files of web pages"
        names = sample.table.column_names
        if is_chat(names) or set(names) >= REPLIES:
            return ""
        sizes = {name: _mean_length(sample.table[name]) for name in names if not sample.types.get(name)}
        long = [name for name, size in sizes.items() if size >= LONG_TEXT]
        if len(long) != 1 or not (len(names) == 1 or long[0].casefold() in DOCUMENTS):
            return ""
        column = sample.table[long[0]]
        if column.null_count > (1 - MOST) * len(column):
            return ""
        return f"column {long[0]!r} holds documents of {sizes[long[0]]:,.0f} characters on average"

    def facts(self, block: Block) -> list[tuple[str, str]]:
        """How long the documents are."""
        column = block.schema.with_role(Role.TEXT)[0].name
        texts = block.text(column).drop_null()
        if not len(texts):
            return [("documents", f"none: column {column!r} is blank")]
        low, middle, high = np.quantile(np.asarray(pc.utf8_length(texts)), (0.0, 0.5, 1.0))
        return [
            ("documents", f"column {column!r}"),
            ("length", f"{middle:,.0f} characters (median), from {low:,.0f} to {high:,.0f}"),
        ]

    def of_strings(self, strings: Sequence[str | None]) -> Any:
        """Documents."""
        return pa.table({"text": pa.array(strings, pa.large_string())})


def _mean_length(column: pa.ChunkedArray) -> float:
    """Characters of a text on average; 0 for lists and objects, which are written as JSON."""
    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        return 0.0
    texts = column.drop_null()
    if not len(texts) or np.asarray(pc.match_substring_regex(texts, STRUCTURE)).mean() > 1 / 2:
        return 0.0
    return float(pc.mean(pc.utf8_length(texts)).as_py())
