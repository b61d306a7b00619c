"""Cells and words with a typing error."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import ClassVar

import numpy as np

from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.degrees import SELDOM
from karat.core.finding import Dimension
from karat.core.schema import Column, Role, Schema
from karat.core.state import derived
from karat.quality.accuracy._lexicon import FREQUENT, NearText
from karat.quality.accuracy._typing_errors import MOST, WORD, TypingErrors, words_of
from karat.quality.by_value import ByValue, Rule, ValueVerdict, judged_columns
from karat.quality.column_kind import kind_of
from karat.quality.distinct import Distinct

# cost: bounds time
MOST_DISTINCT = 10_000  # of a column: beyond, hardly any text is frequent, and asking each takes seconds
# characters on average: longer texts are no cells of a table; flat from 75 to 300 (benchmarks/constants.md):
# a judgement
PROSE = 150
WORTH_SAYING = 0.3  # display: confidence; lower says more, less sure
# unproven: lower spares cut words
LEAST_WIDTH = 20  # characters: a longest cell of so many may have been cut at the column's width
NOT_SPELT = (Role.TARGET, Role.TIME, Role.NUMBER, Role.USER, Role.ITEM)


@dataclass(frozen=True)
class Misspellings(ByValue):
    """A rare cell, or a rare word in a cell, is one typing error away from a frequent one of the same column or table.

    Rare is not wrong: Niger is not Nigeria, and one-letter codes lie close together by design. How likely a slip is
    follows from the edit (exchanged letters and a small letter among capitals are hardly ever meant; another digit
    mostly is), from how frequent cells of the column differ among themselves, from English spelling, from the share
    of cells that look like slips in the column and the table, and from the counts. The weights of this evidence were
    learned from errors planted in 400 clean tables.

    Why it hurts: each slip makes a category of its own, and hides its record from every group and join.

    Source: Damerau (1964), A technique for computer detection and correction of spelling errors; Kernighan, Church &
    Gale (1990), A spelling correction program based on a noisy channel model.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "syntactic data accuracy"

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """Asks each cell, then each of its words."""
        errors = derived(counts, f"typing errors {schema.key}", lambda: _typing_errors(counts, schema))
        if column.name not in errors.cells:
            return None
        widest = max(map(len, counts.columns[column.name].values))
        return lambda seen: _slips(seen, column, errors, widest)


def _slips(seen: Distinct, column: Column, errors: TypingErrors, widest: int) -> Iterator[ValueVerdict]:
    gaps = seen.gaps.all
    for at, text in enumerate(seen.texts):
        if gaps[at]:
            continue
        verdicts = [*_whole(at, text, column.name, errors), *_by_word(at, text, column.name, errors)]
        cut = len(text) >= max(widest, LEAST_WIDTH)
        verdicts = [verdict for verdict in verdicts if not (cut and (verdict.suggestion or "").startswith(text))]
        if verdicts:
            yield max(verdicts, key=lambda verdict: verdict.confidence)


def _whole(at: int, text: str, column: str, errors: TypingErrors) -> Iterator[ValueVerdict]:
    """What the whole cell may be a slip of, by other cells and by how they are built."""
    slip = errors.of_cell(column, text)
    if slip and slip[1] >= WORTH_SAYING:
        near, sure = slip
        message = f"one typing error away from {near.meant!r}, which is in {near.meant_cells:,} cells"
        yield ValueVerdict(at, round(sure, 4), message, near.meant if near.clear else None)
    elif far := errors.of_far(column, text):
        meant, sure = far
        message = f"a few typing errors away from {meant!r}, which is in {errors.cells[column].cells[meant]:,} cells"
        yield ValueVerdict(at, sure, message, meant)
        return
    code = errors.of_code(column, text)
    if code and code[1] >= WORTH_SAYING:
        broken, sure = code
        message = f"one typing error away from how {broken.meant_cells:,} cells are written: {broken.template!r}"
        yield ValueVerdict(at, round(sure, 4), message, broken.right)


def _by_word(at: int, text: str, column: str, errors: TypingErrors) -> Iterator[ValueVerdict]:
    """What its words may be slips of; of two neighbours only where neither alone is one."""
    slips = [slip for word in words_of(text) if (slip := errors.of_word(column, word)) and slip[1] >= WORTH_SAYING]
    single = {near.text for near, _ in slips if near.text.isalpha()}
    slips = [pair for pair in slips if pair[0].text.isalpha() or not single & set(words_of(pair[0].text))]
    if slips:
        new = text
        for near, _ in slips:
            new = new.replace(near.text, near.meant)
        said = ", ".join(
            f"{near.text!r} is one typing error away from {near.meant!r} (in {near.meant_cells:,} cells)"
            for near, _ in slips
        )
        sure = min(MOST, 1 - prod(1 - sure for _, sure in slips))  # several bear each other out
        parts = [near for near, _ in slips]
        known = errors.words[column].cells
        right = all(near.clear for near in parts) and not _at_a_gap(parts, text)
        right &= all(known.get(word, 0) >= FREQUENT for word in WORD.findall(new))
        yield ValueVerdict(at, round(sure, 4), said, new if right else None)


def _at_a_gap(slips: list[NearText], text: str) -> bool:
    """Do two neighbouring words meet where both are wrong: has a letter moved from one to the other?"""
    for left, right in pairwise(slips):
        ends = left.edit.at >= len(left.meant) - 1 and right.edit.at == 0
        if ends and re.search(rf"{re.escape(left.text)}\W{re.escape(right.text)}", text):
            return True
    return False


def _typing_errors(counts: ValueCounts, schema: Schema) -> TypingErrors:
    """What all columns of texts say together."""
    columns = {
        column.name: dict(zip(column_counts.values, column_counts.counts.tolist(), strict=True))
        for column in judged_columns(schema)
        if (column_counts := counts.columns.get(column.name)) and _spelt(column_counts, column)
    }
    return TypingErrors(columns)


def _spelt(counts: ColumnCounts, column: Column) -> bool:
    """Does a column hold texts that can be misspelt: no numbers, no times, no prose?"""
    if column.role in NOT_SPELT or column.numeric or not 2 <= len(counts.counts) <= MOST_DISTINCT:
        return False
    letters = np.array([any(sign.isalpha() for sign in text) for text in counts.values])
    size = np.average([len(text) for text in counts.values], weights=counts.counts)
    return bool(
        kind_of(counts, column).name != "time"
        and counts.counts[letters].sum() >= SELDOM * counts.counts.sum()
        and size <= PROSE
    )
