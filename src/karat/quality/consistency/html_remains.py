"""HTML that was left in values."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.finding import FACT, FORM, Dimension
from karat.core.schema import Column, Schema
from karat.core.state import derived
from karat.quality.by_value import ByValue, Rule, ValueVerdict, share
from karat.quality.distinct import Distinct

TAGS = (
    "a|abbr|b|big|blockquote|br|center|code|div|em|font|h1|h2|h3|h4|h5|h6|hr|i|img|input|li|ol|p|pre|s|script|small|span|"
    "strong|style|sub|sup|table|tbody|td|th|thead|tr|u|ul"
)
NAMES = (
    "amp|lt|gt|quot|apos|nbsp|copy|reg|trade|hellip|mdash|ndash|lsquo|rsquo|ldquo|rdquo|bull|middot|eacute|egrave|auml|"
    "ouml|uuml|szlig"
)
ENTITY = rf"&(?:#\d{{2,6}}|#x[0-9a-fA-F]{{2,5}}|{NAMES});?"
TAG = rf"</?(?:{TAGS})(?:\s[^<>]*)?/?>|<!--|-->|<!\[CDATA\["
REMAINS = rf"(?i:{TAG})|{ENTITY}"
SIGNS = "[&<]"  # definition: of a tag or an entity
BREAKS = re.compile(r"(?i)<br\s*/?>|</p>|</div>|</li>|</tr>")
ANY_TAG = re.compile(rf"(?i)<!--.*?-->|{TAG}", re.DOTALL)
WHOLE_ENTITY = re.compile(rf"&(#\d{{2,6}}|#x[0-9a-fA-F]{{2,5}}|{NAMES})(?:;|(?![a-z0-9=]))")  # "=": a web address
CLOSED_ENTITY = re.compile(rf"&(?:#\d{{2,6}}|#x[0-9a-fA-F]{{2,5}}|{NAMES});")
# flat from 0.333 to 0.667 (benchmarks/constants.md): share of cells from which mark-up is how the column writes
HABIT = 0.5


@dataclass(frozen=True)
class HtmlRemains(ByValue):
    """Tags and entities (``<br>``, ``&amp;``, ``&nbsp;``) in values that should be plain text.

    They come from pages that were scraped, not read; a model learns the page's mark-up instead of the words. A complete
    entity is resolved as a change of form; what a tag meant is lost with it, so tags are a question.

    Source: HTML Living Standard, named character references.

    Parameters
    ----------
    habit : float
        Share of cells, in [0, 1], from which mark-up is what the column is made of.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data format consistency of mark-up"
    of_plain_numbers: ClassVar[bool] = False
    mark: ClassVar[str] = SIGNS

    habit: float = HABIT

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule:
        """The same question for every column."""
        return partial(self._remains, tally=counts.columns[column.name])

    def _remains(self, seen: Distinct, tally: ColumnCounts) -> Iterable[ValueVerdict]:
        at_once = pc.match_substring_regex(seen.array, SIGNS).to_numpy(zero_copy_only=False)
        places = np.flatnonzero(at_once)
        if not len(places):
            return
        hits = pc.match_substring_regex(seen.array.take(pa.array(places)), REMAINS).to_numpy(zero_copy_only=False)
        usual = hits.any() and derived(tally, "markup", lambda: _cells(tally)) > self.habit * tally.records
        for at in places[hits].tolist():
            text = seen.texts[at]
            clean = plain_text(text)
            if clean != text:
                cells = derived(tally, "markup", lambda: _cells(tally))
                message = f"HTML left in the value; {share(cells, tally.records)} of the column have it"
                form = clean == resolved(text)
                yield ValueVerdict(at, 0.4 if usual else 0.9 if form else 0.85, message, clean, FORM if form else FACT)


def plain_text(text: str) -> str:
    """The text without tags and with entities resolved; line-breaking tags become blanks."""
    bare = ANY_TAG.sub("", BREAKS.sub(" ", text))
    known = WHOLE_ENTITY.sub(lambda match: html.unescape(f"&{match[1]};"), bare)
    if bare == text:
        return known.replace("\u00a0", " ").strip() if known != text else text
    return " ".join(known.replace("\u00a0", " ").split())


def resolved(text: str) -> str:
    """The text with its complete entities resolved, which is the same text in another form."""
    return CLOSED_ENTITY.sub(lambda match: html.unescape(match[0]), text).replace("\u00a0", " ").strip()


def _cells(tally: ColumnCounts) -> int:
    hit = pc.match_substring_regex(pa.array(tally.values, pa.string()), REMAINS).to_numpy(zero_copy_only=False)
    return int(tally.counts[hit].sum())
