"""Columns of days, or of yes and no, that are written in several ways none of which is the rule."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from karat.core.counts import ColumnCounts
from karat.core.finding import FORM
from karat.core.schema import Column
from karat.core.state import derived
from karat.quality.by_value import ValueVerdict, share
from karat.quality.consistency.time_styles import Mixed, mixed_styles, take_apart
from karat.quality.consistency.truth_words import Truths, truths
from karat.quality.distinct import Distinct

SAMPLE = 4096  # distinct values looked at; cost: the rest is not looked at
# distinct texts of a column of yes and no, blanks around them included; flat from 20 to 80 (benchmarks/constants.md)
MOST_SPELLINGS = 40
SHOWN = 8  # display: spellings
SURE = 0.9  # unproven: confidence


@dataclass(frozen=True)
class Several:
    """The ways a column is written in, and the one that all its cells can be written in.

    Parameters
    ----------
    cells : int
        That hold a value.
    """

    ways: Truths | Mixed
    cells: int

    @property
    def message(self) -> str:
        """One line about the whole column."""
        if isinstance(self.ways, Truths):
            words = self.ways.spellings
            more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
            line = f"yes and no in {len(words)} spellings: {', '.join(map(repr, words[:SHOWN]))}{more}"
            return f"{line}; {self.ways.yes!r} and {self.ways.no!r} are the commonest"
        shown = " · ".join(f"{share(n, self.cells)} like {text!r}" for text, n in self.ways.examples[:SHOWN])
        open_ = "" if self.ways.wanted else "; they are not certain to be read alike, so nothing was rewritten"
        return f"days in {len(self.ways.examples)} formats: {shown}{open_}"

    def rewritten(self, seen: Distinct) -> Iterable[ValueVerdict]:
        """Values that are certain to be the same in the column's preferred way."""
        for at in np.flatnonzero(~seen.gaps.all).tolist():
            text = seen.texts[at]
            same = self._same(text)
            if same is not None and same != text:
                yield ValueVerdict(at, SURE, f"written in another way; {self.message}", same, FORM)

    def _same(self, text: str) -> str | None:
        if isinstance(self.ways, Truths):
            return self.ways.rewrite(text) if self.ways.sure else None
        written = take_apart(text)
        wanted = self.ways.wanted
        return wanted.rewrite(written) if wanted and written and wanted.loses_nothing(written) else None


def several_ways(tally: ColumnCounts, column: Column) -> Several | None:
    """The ways a column is written in; None where one is the rule."""
    return derived(tally, "several ways", lambda: _several_ways(tally, column))


def _several_ways(tally: ColumnCounts, column: Column) -> Several | None:
    texts = tally.texts.slice(0, SAMPLE)
    seen = Distinct(texts, column, tally.counts[: len(texts)])
    keep = np.flatnonzero(~seen.gaps.all)
    texts, counts = texts.take(pa.array(keep)).to_pylist(), tally.counts[: len(texts)][keep].tolist()
    cells = sum(counts)
    if not cells:
        return None
    ways = (truths(texts, counts) if len(texts) <= MOST_SPELLINGS else None) or mixed_styles(texts, counts, cells)
    return Several(ways, cells) if ways else None
