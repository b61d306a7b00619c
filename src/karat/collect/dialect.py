"""Finds out how a delimited text is written: delimiter, quote, escape, line ends, header."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from karat.kernels.delimited import CR, GOOD, OPEN, UNCLOSED, line_end, read_record, skip_blank

DELIMITERS = b",;\t|\x01"
SAMPLE_BYTES = 96 << 10
NUMERIC = re.compile(r"\s*[-+]?[$€£¥]?\s*\d[\d.,:/ \-T]*%?\s*$")
LINE_FEED = 10


@dataclass(frozen=True)
class Dialect:
    """How the records are written; bytes as numbers, -1 for none.

    Parameters
    ----------
    delimiter, quote, escape, newline : int
        ``escape`` equals ``quote`` where quotes are doubled.
    width : int
        Fields per record.
    header : int
        Index of the record that names the columns, -1 when none does; what stands before it is no data.
    """

    delimiter: int
    quote: int
    escape: int
    newline: int
    width: int
    header: int = 0

    @property
    def rules(self) -> tuple[int, int, int, int]:
        """As the kernel takes them."""
        return self.delimiter, self.quote, self.escape, self.newline


@dataclass(frozen=True)
class _Trial:
    rules: tuple[int, int, int, int]
    counts: tuple[int, ...]  # fields per record, 0 for a broken one
    quoted: int  # records with a quote that are well formed

    @property
    def width(self) -> int:
        counts = [count for count in self.counts if count]
        if not counts:
            return 1
        first, rest = counts[0], counts[1:]
        if not rest or first in rest[:2]:
            return first
        mode, times = min(Counter(rest).items(), key=lambda item: (-item[1], -item[0]))
        usual = times * 5 >= len(rest) * 4
        # one more than the header: the rows have names; a line of another width may stand before the header
        return mode if usual and (mode == first + 1 or (mode > first and (first == 1 or len(rest) > 4))) else first

    @property
    def share(self) -> float:
        return self.counts.count(self.width) / max(1, len(self.counts))


def sniff(sample: bytes, whole: bool, delimiter: str = "") -> Dialect:
    """The dialect of a text.

    Parameters
    ----------
    sample : bytes
        UTF-8, from the start of the text.
    whole : bool
        Is this all of it? If not, the last line is not looked at.
    delimiter : str
        The one to use; "" finds out.
    """
    newline = CR if LINE_FEED not in sample and CR in sample else LINE_FEED
    if not whole:
        sample = sample[: sample.rfind(bytes([newline])) + 1] or sample
    marks = delimiter.encode() or DELIMITERS
    trials = [_quoting(sample, whole, mark, newline) for mark in marks if mark in sample]
    trials = [trial for trial in trials if trial.width > 1] or [_quoting(sample, whole, -1, newline)]
    best = max(trials, key=lambda trial: _merit(trial, sample))
    return _with_header(Dialect(*best.rules, best.width), best, sample)


def _quoting(sample: bytes, whole: bool, delimiter: int, newline: int) -> _Trial:
    """The best quoting for a delimiter; a quote is believed unless it breaks more records than it explains."""
    *quoting, plain = (
        _try(sample, whole, (delimiter, quote, escape, newline)) for quote, escape in (*_quotings(sample), (-1, -1))
    )
    best = max(quoting, key=lambda trial: trial.share)
    return best if best.counts.count(0) <= best.quoted else plain


def _quotings(sample: bytes) -> list[tuple[int, int]]:
    double, single, back = b'"'[0], b"'"[0], b"\\"[0]
    ways = [(double, double)]
    if b'\\"' in sample:
        ways.append((double, back))
    if double not in sample and (sample.lstrip()[:1] == b"'" or re.search(rb"[,;\t|]'[^'\r\n]*'[,;\t|\r\n]", sample)):
        ways.insert(0, (single, single))
    return ways


def _try(sample: bytes, whole: bool, rules: tuple[int, int, int, int]) -> _Trial:
    counts: list[int] = []
    pos, quoted, size = 0, 0, len(sample)
    while pos < size:
        blank = skip_blank(sample, size, pos, rules[3])
        if blank > pos:
            pos = blank
            continue
        after, count, bad = read_record(sample, size, pos, rules, 0, 0, (), (), ())
        if bad == UNCLOSED and not whole and counts:
            break  # it may close beyond the sample
        fine = bad in (OPEN, GOOD)
        counts.append(count if fine else 0)
        quoted += fine and rules[1] >= 0 and rules[1] in sample[pos:after]
        pos = after if fine else line_end(sample, size, after, rules[3]) + 1
    return _Trial(rules, tuple(counts), quoted)


def _merit(trial: _Trial, sample: bytes) -> tuple[float, float, int]:
    typed = 0.0
    if trial.rules[0] >= 0:
        cells = re.split(re.escape(bytes(trial.rules[:1])) + rb"|[\r\n]+", sample[:8192])
        typed = sum(NUMERIC.match(cell.decode("utf-8", "replace")) is not None for cell in cells) / len(cells)
    return round(trial.share, 2), round(typed, 1), -DELIMITERS.find(max(0, trial.rules[0]))


def _with_header(dialect: Dialect, trial: _Trial, sample: bytes) -> Dialect:
    at = trial.counts.index(dialect.width) if dialect.width in trial.counts else 0
    if at and set(trial.counts[:at]) == {dialect.width - 1} and at == 1:
        at = 0  # a header one cell short, as R writes it: the first column holds the names of the rows
    rows = first_rows(sample, dialect, at)
    header = at if has_header(rows) else -1
    return Dialect(*dialect.rules, dialect.width, header)


def first_rows(sample: bytes, dialect: Dialect, skip: int = 0, limit: int = 200) -> list[list[str]]:
    """The cells of the first records, those of another width left out, after ``skip`` records."""
    room = dialect.width + sample.count(bytes([max(0, dialect.delimiter)])) + sample.count(dialect.newline.to_bytes())
    starts, ends, flags = ([0] * (room + 2) for _ in range(3))
    rows: list[list[str]] = []
    pos, met, size = 0, 0, len(sample)
    while pos < size and len(rows) < limit:
        blank = skip_blank(sample, size, pos, dialect.newline)
        if blank > pos:
            pos = blank
            continue
        after, count, bad = read_record(sample, size, pos, dialect.rules, room + 2, 0, starts, ends, flags)
        if bad not in (OPEN, GOOD):
            pos = line_end(sample, size, after, dialect.newline) + 1
        else:
            if met >= skip and (count == dialect.width or not rows):
                rows.append(
                    [unquoted(sample[s:e], f, dialect) for s, e, f in zip(starts[:count], ends, flags, strict=False)]
                )
            pos = after
        met += 1
    return rows


def unquoted(cell: bytes, flag: int, dialect: Dialect) -> str:
    """The text of one field."""
    text = cell.decode("utf-8", "replace")
    if flag < 2:
        return text
    if dialect.escape == dialect.quote:
        return text.replace(chr(dialect.quote) * 2, chr(dialect.quote))
    return re.sub(re.escape(chr(dialect.escape)) + "(.)", r"\1", text, flags=re.DOTALL)


def has_header(rows: list[list[str]]) -> bool:
    """Does the first row name the columns? Yes, unless it clearly is data."""
    if len(rows) < 2:
        return not rows or not any(NUMERIC.match(cell) for cell in rows[0])
    first, rest = rows[0], rows[1:]
    if len(first) != len(rest[0]):
        return True
    numbers, names, repeats, texts = 0, 0, 0, 0
    for at, cell in enumerate(first):
        below = [row[at] for row in rest if row[at].strip()]
        if not below or not cell.strip():
            continue
        numeric = sum(NUMERIC.match(value) is not None for value in below) >= 0.9 * len(below)
        if numeric and NUMERIC.match(cell):
            numbers += 1
        elif numeric:
            names += 1
        elif len(below) > 20:
            texts += 1
            repeats += below.count(cell) * 20 >= len(below)
    years = [int(cell) for cell in first if re.fullmatch(r"(19|20)\d\d", cell)]
    if names or (len(years) > 1 and len(years) == numbers and len({b - a for a, b in pairwise(years)}) == 1):
        return True
    return not (numbers or (texts > 1 and repeats * 2 > texts))
