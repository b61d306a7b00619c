"""Values written in another way than the rest of their column."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.finding import FORM, Dimension
from karat.core.schema import Column, Schema
from karat.quality.by_value import ByValue, Distinct, Rule, Verdict, judged_columns, share
from karat.quality.column_kind import Kind, kind_of
from karat.quality.consistency.code_patterns import Patterns, patterns, patterns_of
from karat.quality.consistency.letter_case import case_slips, shouted, wide_letters
from karat.quality.consistency.number_writing import as_plain_number
from karat.quality.consistency.several_ways import several_ways
from karat.quality.consistency.time_styles import Wanted, take_apart, wanted_style
from karat.quality.consistency.type_breaks import PARTIAL

FEWEST = 20  # cells
LONG = 40  # characters; longer texts are prose
SAMPLE = 4096
SCIENTIFIC = r"^[+-]?\d+(?:[.,]\d+)?[eE]\+?\d+$"
GROUPED_FROM, NEARLY_ALL = 1000.0, 0.9
# a month beyond 12, a day beyond 31, a minute beyond 59
IMPOSSIBLE = r"^\d{4}\D(?:1[3-9]|[2-9]\d|00?\D)|^\d{4}\D\d{1,2}\D(?:3[2-9]|[4-9]\d|00)(?:\D|$)|[:：][6-9]\d"


@dataclass(frozen=True)
class InconsistentFormats(ByValue):
    """Days, times, codes, telephone and other numbers, letter case and width that differ from the column's own way.

    The same thing in two spellings is two things to a join, a group and a model. The column's own way is the one that
    nearly all of its cells share; a value is rewritten in it where that is certain (a day like 03/04/2011 is not,
    unless other cells show which comes first).

    Source: Raman & Hellerstein (2001), Potter's Wheel, VLDB; He et al. (2018), Transform-data-by-example, VLDB 11.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data format consistency"

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """By what the column holds: numbers, times, codes or words."""
        held = counts.columns[column.name]
        kind = kind_of(held, column)
        if kind.cells < FEWEST:
            return None
        if kind.name == "number":
            return lambda seen: _numbers(seen, held, kind)
        if several := several_ways(held, column):
            return several.rewritten
        some = _some(held)
        words = Distinct(held.texts.take(pa.array(some)), column, held.counts[some])
        lengths = pc.utf8_length(words.array).to_numpy(zero_copy_only=False)
        long = float(np.average(lengths, weights=words.counts)) > LONG
        if long:  # prose keeps its own case and width
            return None
        style = _time_style(words)
        codes = None if style else patterns_of(words.array, words.counts)

        def ask(seen: Distinct) -> Iterable[Verdict]:
            told: set[int] = set()
            parts = [wide_letters(seen, held, number=False)]
            parts += [_times(seen, style)] if style else []
            parts += [_codes(seen, codes)] if codes else []
            parts += [case_slips(seen, held), shouted(seen, held)] if not style else []
            for part in parts:
                for verdict in part:
                    if verdict.at not in told:
                        told.add(verdict.at)
                        yield verdict

        return ask

    def conclude(self, state: ValueCounts, schema: Schema) -> pa.Table:
        """One finding for each column of days, or of yes and no, that is written in several ways."""
        names, told = [], []
        for column in judged_columns(schema):
            held = state.columns.get(column.name)
            if held is None or kind_of(held, column).name == "number" or kind_of(held, column).cells < FEWEST:
                continue
            if several := several_ways(held, column):
                names.append(column.name)
                told.append(several.message)
        return self.found(len(names), column=names, confidence=0.9, message=told, kind=FORM)


def _some(held: ColumnCounts) -> np.ndarray:
    """Places of some distinct values that stand for all: the commonest and every k-th."""
    size = len(held.texts)
    if size <= SAMPLE:
        return np.arange(size)
    often = np.argsort(-held.counts, kind="stable")[: SAMPLE // 2]
    return np.union1d(often, np.arange(0, size, size // (SAMPLE // 2)))


def _time_style(words: Distinct) -> Wanted | None:
    total = int(words.counts[~words.gaps.strong].sum())
    return wanted_style(words.texts, words.counts.tolist(), total) if total else None


def _times(seen: Distinct, style: Wanted) -> Iterable[Verdict]:
    # what has the same marks as a text already found to fit needs no second look
    shapes = pc.replace_substring_regex(seen.array, "[0-9]", "9")
    known = pc.is_in(shapes, pa.array(sorted(style.shapes), pa.string())).to_numpy(zero_copy_only=False)
    known &= ~pc.match_substring_regex(seen.array, IMPOSSIBLE).to_numpy(zero_copy_only=False)
    for at in np.flatnonzero(~seen.gaps.all & ~known).tolist():
        written = take_apart(seen.texts[at])
        if written is None and (day := style.of_serial(seen.texts[at].strip())):
            told = f"a spreadsheet's number of the day {day}, though {share(style.cells, style.total)} are written days"
            yield Verdict(at, 0.95, told, day, FORM)
        elif written is None:
            sure = 0.3 if PARTIAL.fullmatch(seen.texts[at].strip()) else 0.95
            yield Verdict(at, sure, f"no day or time, though {share(style.cells, style.total)} are")
        elif not style.fits(written):
            told = f"a day or time written in another way than {share(style.cells, style.total)}"
            wanted = style.rewrite(written)
            yield Verdict(at, 0.97, told, wanted, FORM if wanted and style.loses_nothing(written) else None)


def _codes(seen: Distinct, codes: Patterns) -> Iterable[Verdict]:
    main = pc.match_substring_regex(seen.array, codes.main_expression).to_numpy(zero_copy_only=False)
    others = np.flatnonzero(~main & ~seen.gaps.all)
    for at, pattern in zip(others.tolist(), patterns(seen.array.take(pa.array(others))), strict=True):
        wanted = codes.rewrite(seen.texts[at])
        if wanted and wanted != seen.texts[at]:
            told = (
                f"written like {pattern!r}, though {codes.share[codes.main]:.1%} of the cells are like {codes.main!r}"
            )
            yield Verdict(at, 0.95, told, wanted, kind=FORM)


def _numbers(seen: Distinct, held: ColumnCounts, kind: Kind) -> Iterable[Verdict]:
    """Separators, decimal commas, brackets and full width in a column of plain numbers."""
    size = _digits(held, kind)
    yield from _ungrouped(seen, held, kind)
    if size:
        rounded = pc.match_substring_regex(seen.array, SCIENTIFIC).to_numpy(zero_copy_only=False)
        for at in np.flatnonzero(rounded).tolist():
            told = f"written as a power of ten among numbers of {size} digits, so that most of its digits are lost"
            yield Verdict(at, 0.9, told)
    for at in np.flatnonzero(~np.isfinite(seen.numbers)).tolist():
        text = seen.texts[at]
        if plain := as_plain_number(text, seen.column.decimal):
            told = f"a number written in another way than {share(int(kind.cells), held.records)}"
            yield Verdict(at, 0.92, told, plain, FORM)
        elif size and not any(ch.isalpha() for ch in text):
            digits = "".join(ch for ch in text if ch.isdigit())
            if len(digits) == size:
                told = f"{size} digits with other marks between them than the rest of the column"
                yield Verdict(at, 0.95, told, digits, FORM)


def _ungrouped(seen: Distinct, held: ColumnCounts, kind: Kind) -> Iterable[Verdict]:
    """Large numbers without the separators that nearly all large numbers of the column have."""
    mark = seen.column.thousands
    if not mark:
        return
    large = np.flatnonzero(np.abs(kind.numbers) >= GROUPED_FROM)
    grouped = pc.match_substring(held.texts.take(pa.array(large)), mark).to_numpy(zero_copy_only=False)
    cells, whole = int(held.counts[large][grouped].sum()), int(held.counts[large].sum())
    if cells < NEARLY_ALL * whole:
        return
    for at in np.flatnonzero(np.abs(seen.numbers) >= GROUPED_FROM).tolist():
        text = seen.texts[at].strip()
        if text.isdigit() and text.isascii():
            told = f"without {mark!r} between thousands, which {share(cells, whole)} of that size have"
            yield Verdict(at, 0.9, told, f"{int(text):,}".replace(",", mark), FORM)


def _digits(held: ColumnCounts, kind: Kind) -> int:
    """The number of digits that nearly all numbers of the column have, 0 when they differ or are few."""
    at = np.flatnonzero(np.isfinite(kind.numbers))[:SAMPLE]
    texts = held.texts.take(pa.array(at)).to_pylist()
    sizes = np.fromiter((len(text) if text.isdigit() else 0 for text in texts), np.int64, len(at))
    if not len(at):
        return 0
    cells = np.bincount(sizes, held.counts[at])
    most = int(np.argmax(cells))
    return most if most >= 6 and cells[most] >= 0.95 * cells.sum() else 0
