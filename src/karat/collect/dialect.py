"""Finds out how a delimited text is written: delimiter, quote, escape, line ends."""

import re
from collections import Counter
from dataclasses import dataclass

from karat.collect.header import NUMERIC, Row
from karat.core.degrees import REPEATEDLY
from karat.kernels.delimited import CR, GOOD, OPEN, UNCLOSED, line_end, read_record, skip_blank

DELIMITERS = b",;\t|\x01"
SAMPLE_BYTES = 96 << 10  # cost: of the beginning, on which every dialect is tried
LINE_FEED = 10  # definition: ASCII
SPACED_BYTES = 32 << 10  # cost: of the beginning, where columns set with blanks are looked for
BLANKS_OR_QUOTED = re.compile(rb'"[^"\n]*"|[ \t]+')
AT_ENDS = re.compile(rb"(?m)^\t+|\t+(?=\r?$)")


@dataclass(frozen=True)
class Dialect:
    """How the records are written; bytes as numbers, -1 for none.

    Parameters
    ----------
    delimiter, quote, escape, newline : int
        ``escape`` equals ``quote`` where quotes are doubled.
    width : int
        Fields per record.
    runner_up : str
        The delimiter that came next, "" when none did.
    clear : float
        How far ahead the delimiter was, in [0, 1].
    spaced : bool
        Fields stand apart by any number of blanks, which ``spaced_as_tabs`` makes one tab.
    header_lines : tuple of int
        First line of the column names and the one behind the last, from 0; empty when there are none.
    data_line : int
        The first line that holds records, from 0; what stands before it is no data.
    """

    delimiter: int
    quote: int
    escape: int
    newline: int
    width: int
    runner_up: str = ""
    clear: float = 1.0
    spaced: bool = False
    header_lines: tuple[int, ...] = ()
    data_line: int = 0

    @property
    def rules(self) -> tuple[int, int, int, int]:
        """As the kernel takes them."""
        return self.delimiter, self.quote, self.escape, self.newline


@dataclass(frozen=True)
class _DialectTrial:
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
    best, *others = sorted(trials, key=lambda trial: _merit(trial, sample), reverse=True)
    if not others:
        return Dialect(*best.rules, best.width)
    return Dialect(*best.rules, best.width, chr(others[0].rules[0]), 1.0 - others[0].share / max(best.share, 1e-9))


def _quoting(sample: bytes, whole: bool, delimiter: int, newline: int) -> _DialectTrial:
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


def _try(sample: bytes, whole: bool, rules: tuple[int, int, int, int]) -> _DialectTrial:
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
    return _DialectTrial(rules, tuple(counts), quoted)


def _merit(trial: _DialectTrial, sample: bytes) -> tuple[float, float, int]:
    typed = 0.0
    if trial.rules[0] >= 0:
        cells = re.split(re.escape(bytes(trial.rules[:1])) + rb"|[\r\n]+", sample[:8192])
        typed = sum(NUMERIC.match(cell.decode("utf-8", "replace")) is not None for cell in cells) / len(cells)
    return round(trial.share, 2), round(typed, 1), -DELIMITERS.find(max(0, trial.rules[0]))


def first_rows(sample: bytes, dialect: Dialect, limit: int = 200) -> list[Row]:
    """The first records, those of another width too."""
    room = dialect.width + sample.count(bytes([max(0, dialect.delimiter)])) + sample.count(dialect.newline.to_bytes())
    starts, ends, flags = ([0] * (room + 2) for _ in range(3))
    rows: list[Row] = []
    pos, size, line = 0, len(sample), 0
    while pos < size and len(rows) < limit:
        blank = skip_blank(sample, size, pos, dialect.newline)
        if blank > pos:
            pos, line = blank, line + 1
            continue
        after, count, bad = read_record(sample, size, pos, dialect.rules, room + 2, 0, starts, ends, flags)
        fine = bad in (OPEN, GOOD)
        end = after if fine else line_end(sample, size, after, dialect.newline) + 1
        lines = max(1, sample.count(dialect.newline.to_bytes(), pos, end))
        if fine:
            cells = [unquoted(sample[s:e], f, dialect) for s, e, f in zip(starts[:count], ends, flags, strict=False)]
            rows.append(Row(line, line + lines, cells))
        pos, line = end, line + lines
    return rows


def spaced(sample: bytes) -> bool:
    """Do the fields of a text stand apart by blanks alone, as in a table that is padded to be read?

    Nearly all lines have as many fields as the others, three or more with numbers in most of them, or lines are padded
    by two and more blanks.
    """
    lines = [line for line in spaced_as_tabs(sample[:SPACED_BYTES]).split(b"\n")[:-1] if line.strip()]
    if len(lines) < REPEATEDLY:
        return False
    rows = [line.decode("utf-8", "replace").split("\t") for line in lines]
    width, times = Counter(map(len, rows)).most_common(1)[0]
    if width < 2 or times < 0.95 * len(rows):
        return False
    body = [row for row in rows[1:] if len(row) == width]
    numeric = sum(all(NUMERIC.match(row[at]) for row in body) for at in range(width))
    padded = sum(b"  " in line.strip() for line in sample[:SPACED_BYTES].split(b"\n") if line.strip())
    return (width >= 3 and 3 * numeric >= 2 * width) or (padded >= 0.5 * len(lines) and numeric > 0)


def spaced_as_tabs(text: bytes) -> bytes:
    """Lines as they are, but for one tab where any number of blanks stood between fields, and none at their ends."""
    marked = BLANKS_OR_QUOTED.sub(lambda match: match[0] if match[0][:1] == b'"' else b"\t", text)
    return AT_ENDS.sub(b"", marked)


def unquoted(cell: bytes, flag: int, dialect: Dialect) -> str:
    """The text of one field."""
    text = cell.decode("utf-8", "replace")
    if flag < 2:
        return text
    if dialect.escape == dialect.quote:
        return text.replace(chr(dialect.quote) * 2, chr(dialect.quote))
    return re.sub(re.escape(chr(dialect.escape)) + "(.)", r"\1", text, flags=re.DOTALL)
