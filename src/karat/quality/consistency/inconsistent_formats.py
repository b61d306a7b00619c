"""Values written in another way than the rest of their column."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.degrees import ALMOST_ALL
from karat.core.finding import FORM, Dimension
from karat.core.schema import Column, Schema
from karat.core.state import derived
from karat.quality.by_value import ByValue, Rule, ValueVerdict, judged_columns, share
from karat.quality.column_kind import ColumnKind, kind_of
from karat.quality.consistency.code_patterns import Patterns, patterns, patterns_of
from karat.quality.consistency.letter_case import case_slips, shouted, wide_letters
from karat.quality.consistency.number_writing import as_plain_number
from karat.quality.consistency.several_ways import several_ways
from karat.quality.consistency.time_styles import Wanted, take_apart, wanted_style
from karat.quality.consistency.type_breaks import PARTIAL
from karat.quality.distinct import Distinct
from karat.quality.quiet_numbers import ALL_QUIET, QuietNumbers

FEWEST = 20  # cells; flat from 10 to 40 (benchmarks/constants.md): fewer have no usual way
LONG = 40  # characters; longer texts are prose; flat from 20 to 80 (benchmarks/constants.md)
SAMPLE = 4096  # cost: half the commonest, half spread over the rest
SCIENTIFIC = r"^[+-]?\d+(?:[.,]\d+)?[eE]\+?\d+$"
GROUPED_FROM = 1000.0  # flat from 500 to 2e+03 (benchmarks/constants.md): from here on digits are grouped
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
        tally = counts.columns[column.name]
        kind = kind_of(tally, column)
        if kind.cells < FEWEST:
            return None
        if kind.name == "number":
            return lambda seen: _numbers(seen, tally, kind)
        if several := several_ways(tally, column):
            return several.rewritten
        some = _some(tally)
        words = Distinct(tally.texts.take(pa.array(some)), column, tally.counts[some])
        lengths = pc.utf8_length(words.array).to_numpy(zero_copy_only=False)
        long = float(np.average(lengths, weights=words.counts)) > LONG
        if long:  # prose keeps its own case and width
            return None
        style = _time_style(words)
        codes = None if style else patterns_of(words.array, words.counts)

        def ask(seen: Distinct) -> Iterable[ValueVerdict]:
            reported: set[int] = set()
            parts = [wide_letters(seen, tally, number=False)]
            parts += [_times(seen, style)] if style else []
            parts += [_codes(seen, codes)] if codes else []
            parts += [case_slips(seen, tally), shouted(seen, tally)] if not style else []
            for part in parts:
                for verdict in part:
                    if verdict.at not in reported:
                        reported.add(verdict.at)
                        yield verdict

        return ask

    def quiet(self, counts: ValueCounts, column: Column, schema: Schema) -> QuietNumbers | None:
        """All plain numbers of a column of numbers without marks between thousands."""
        own = counts.columns.get(column.name)
        plain = own is not None and not column.thousands and kind_of(own, column).name == "number"
        return ALL_QUIET if plain else super().quiet(counts, column, schema)

    def conclude(self, state: ValueCounts, schema: Schema) -> pa.Table:
        """One finding for each column of days, or of yes and no, that is written in several ways."""
        names, messages = [], []
        for column in judged_columns(schema):
            tally = state.columns.get(column.name)
            if tally is None or kind_of(tally, column).name == "number" or kind_of(tally, column).cells < FEWEST:
                continue
            if several := several_ways(tally, column):
                names.append(column.name)
                messages.append(several.message)
        return self.found(len(names), column=names, confidence=0.9, message=messages, kind=FORM)


def _some(tally: ColumnCounts) -> np.ndarray:
    """Places of some distinct values that stand for all: the commonest and every k-th."""
    size = len(tally.texts)
    if size <= SAMPLE:
        return np.arange(size)
    often = np.argsort(-tally.counts, kind="stable")[: SAMPLE // 2]
    return np.union1d(often, np.arange(0, size, size // (SAMPLE // 2)))


def _time_style(words: Distinct) -> Wanted | None:
    total = int(words.counts[~words.gaps.strong].sum())
    return wanted_style(words.texts, words.counts.tolist(), total) if total else None


def _times(seen: Distinct, style: Wanted) -> Iterable[ValueVerdict]:
    # what has the same marks as a text already found to fit needs no second look
    shapes = pc.replace_substring_regex(seen.array, "[0-9]", "9")
    known = pc.is_in(shapes, pa.array(sorted(style.shapes), pa.string())).to_numpy(zero_copy_only=False)
    known &= ~pc.match_substring_regex(seen.array, IMPOSSIBLE).to_numpy(zero_copy_only=False)
    for at in np.flatnonzero(~seen.gaps.all & ~known).tolist():
        written = take_apart(seen.texts[at])
        if written is None and (day := style.of_serial(seen.texts[at].strip())):
            message = (
                f"a spreadsheet's number of the day {day}, though {share(style.cells, style.total)} are written days"
            )
            yield ValueVerdict(at, 0.95, message, day, FORM)
        elif written is None:
            sure = 0.3 if PARTIAL.fullmatch(seen.texts[at].strip()) else 0.95
            yield ValueVerdict(at, sure, f"no day or time, though {share(style.cells, style.total)} are")
        elif not style.fits(written):
            message = f"a day or time written in another way than {share(style.cells, style.total)}"
            wanted = style.rewrite(written)
            yield ValueVerdict(at, 0.97, message, wanted, FORM if wanted and style.loses_nothing(written) else None)


def _codes(seen: Distinct, codes: Patterns) -> Iterable[ValueVerdict]:
    main = pc.match_substring_regex(seen.array, codes.main_expression).to_numpy(zero_copy_only=False)
    others = np.flatnonzero(~main & ~seen.gaps.all)
    for at, pattern in zip(others.tolist(), patterns(seen.array.take(pa.array(others))), strict=True):
        wanted = codes.rewrite(seen.texts[at])
        if wanted and wanted != seen.texts[at]:
            message = (
                f"written like {pattern!r}, though {codes.share[codes.main]:.1%} of the cells are like {codes.main!r}"
            )
            yield ValueVerdict(at, 0.95, message, wanted, kind=FORM)


def _numbers(seen: Distinct, tally: ColumnCounts, kind: ColumnKind) -> Iterable[ValueVerdict]:
    """Separators, decimal commas, brackets and full width in a column of plain numbers."""
    size = derived(tally, "digits of numbers", lambda: _digits(tally, kind))
    yield from _ungrouped(seen, tally, kind)
    if size:
        rounded = pc.match_substring_regex(seen.array, SCIENTIFIC).to_numpy(zero_copy_only=False)
        for at in np.flatnonzero(rounded).tolist():
            message = f"written as a power of ten among numbers of {size} digits, so that most of its digits are lost"
            yield ValueVerdict(at, 0.9, message)
    for at in np.flatnonzero(~np.isfinite(seen.numbers)).tolist():
        text = seen.texts[at]
        if plain := as_plain_number(text, seen.column.decimal):
            message = f"a number written in another way than {share(int(kind.cells), tally.records)}"
            yield ValueVerdict(at, 0.92, message, plain, FORM)
        elif size and not any(ch.isalpha() for ch in text):
            digits = "".join(ch for ch in text if ch.isdigit())
            if len(digits) == size:
                message = f"{size} digits with other marks between them than the rest of the column"
                yield ValueVerdict(at, 0.95, message, digits, FORM)


def _ungrouped(seen: Distinct, tally: ColumnCounts, kind: ColumnKind) -> Iterable[ValueVerdict]:
    """Large numbers without the separators that nearly all large numbers of the column have."""
    mark = seen.column.thousands
    if not mark:
        return
    large = np.flatnonzero(np.abs(kind.numbers) >= GROUPED_FROM)
    grouped = pc.match_substring(tally.texts.take(pa.array(large)), mark).to_numpy(zero_copy_only=False)
    cells, whole = int(tally.counts[large][grouped].sum()), int(tally.counts[large].sum())
    if cells < ALMOST_ALL * whole:
        return
    for at in np.flatnonzero(np.abs(seen.numbers) >= GROUPED_FROM).tolist():
        text = seen.texts[at].strip()
        if text.isdigit() and text.isascii():
            message = f"without {mark!r} between thousands, which {share(cells, whole)} of that size have"
            yield ValueVerdict(at, 0.9, message, f"{int(text):,}".replace(",", mark), FORM)


def _digits(tally: ColumnCounts, kind: ColumnKind) -> int:
    """The number of digits that nearly all numbers of the column have, 0 when they differ or are few."""
    at = np.flatnonzero(np.isfinite(kind.numbers))[:SAMPLE]
    texts = tally.texts.take(pa.array(at)).to_pylist()
    sizes = np.fromiter((len(text) if text.isdigit() else 0 for text in texts), np.int64, len(at))
    if not len(at):
        return 0
    cells = np.bincount(sizes, tally.counts[at])
    most = int(np.argmax(cells))
    return most if most >= 6 and cells[most] >= 0.95 * cells.sum() else 0
