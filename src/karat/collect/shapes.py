"""What a column's texts look like: numbers and their marks, times and their formats, codes, words."""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.collect.nulls import null_words
from karat.core.block import parse_numbers, parse_times
from karat.core.counts import ColumnCounts
from karat.core.schema import Column, Role

MARKS = (
    (".", ""),
    (",", ""),
    (".", ","),
    (",", "."),
    (".", " "),
    (",", " "),
    (".", "'"),
    (".", "\u00a0"),
    (",", "\u00a0"),
)
UNIT = r"^\s*([^\d\s.,+-]{0,4}\s*)?([+-]?(?:\d[\d.,' ]*\d|\d|\.\d+)(?:[eE][+-]?\d+)?)\s*([^\d\s+/-][^\d]{0,23})?\s*$"
DATES = {
    "": r"\d{4}-\d{2}-\d{2}",
    "%Y-%m-%d": r"\d{4}-\d{1,2}-\d{1,2}",
    "%Y/%m/%d": r"\d{4}/\d{1,2}/\d{1,2}",
    "%Y.%m.%d": r"\d{4}\.\d{1,2}\.\d{1,2}",
    "%d/%m/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%m/%d/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%d.%m.%Y": r"\d{1,2}\.\d{1,2}\.\d{4}",
    "%d-%m-%Y": r"\d{1,2}-\d{1,2}-\d{4}",
    "%m-%d-%Y": r"\d{1,2}-\d{1,2}-\d{4}",
    "%d/%m/%y": r"\d{1,2}/\d{1,2}/\d{2}",
    "%m/%d/%y": r"\d{1,2}/\d{1,2}/\d{2}",
    "%d.%m.%y": r"\d{1,2}\.\d{1,2}\.\d{2}",
    "%Y%m%d": r"(?:19|20)\d{6}",
    "%Y年%m月%d日": r"\d{4}年\d{1,2}月\d{1,2}日",
    "%Y年%m月": r"\d{4}年\d{1,2}月",
    "%d %b %Y": r"\d{1,2} [A-Za-z]+ \d{4}",
    "%b %d, %Y": r"[A-Za-z]+ \d{1,2}, \d{4}",
    "%d-%b-%Y": r"\d{1,2}-[A-Za-z]{3}-\d{4}",
    "%d-%b-%y": r"\d{1,2}-[A-Za-z]{3}-\d{2}",
}
CLOCKS = {
    "": "",
    " %H:%M": r" \d{1,2}:\d{2}",
    " %H:%M:%S": r" \d{1,2}:\d{2}:\d{2}",
    "T%H:%M:%S": r"T\d{2}:\d{2}:\d{2}",
    " %I:%M %p": r" \d{1,2}:\d{2} [AaPp][Mm]",
    " %I:%M:%S %p": r" \d{1,2}:\d{2}:\d{2} [AaPp][Mm]",
    " %H.%M.%S": r" \d{1,2}\.\d{2}\.\d{2}",
    "%H:%M:%S": r"\d{1,2}:\d{2}:\d{2}",
    "%H时%M分": r"\d{1,2}时\d{1,2}分",
}
ISO = r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?(?:Z|[+-]\d{2}:?\d{2})?$"
TIME_OF_DAY = r"(?i)^\s*\d{1,2}[:.hH时点]\d{2}(?:[:.分]\d{2}秒?)?(?:\.\d+)?分?\s*(?:[ap]\.?m\.?)?\s*$"
CJK = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, eq=False)
class Texts:
    """The distinct texts of a column that are no NULL words.

    Parameters
    ----------
    counts : ColumnCounts
    """

    counts: ColumnCounts

    @cached_property
    def words(self) -> np.ndarray:
        """(k,) bool: is the distinct value a NULL word?"""
        return null_words(self.counts.texts.cast(pa.string()))

    @cached_property
    def text(self) -> pa.Array:
        """Distinct texts, NULL words left out, without outer white space."""
        return pc.utf8_trim_whitespace(self.counts.texts.cast(pa.string()).filter(pa.array(~self.words)))

    @cached_property
    def weight(self) -> np.ndarray:
        """How often each occurs."""
        weight: np.ndarray = np.asarray(self.counts.counts)[~self.words]
        return weight

    @cached_property
    def mean_size(self) -> float:
        """Characters per cell."""
        return float((np.asarray(pc.utf8_length(self.text)) * self.weight).sum()) / max(1, self.total)

    @property
    def total(self) -> int:
        """Cells that hold them."""
        return int(self.weight.sum())

    def share(self, hit: np.ndarray) -> float:
        """The better of two shares, by distinct value and by cell."""
        if not len(hit) or not self.total:
            return 0.0
        return max(float(hit.mean()), float(self.weight[hit].sum()) / self.total)

    def cells(self, hit: np.ndarray) -> float:
        """Share of cells."""
        return float(self.weight[hit].sum()) / max(1, self.total)

    def matches(self, pattern: str) -> np.ndarray:
        """(k,) bool: does the text match?"""
        return np.asarray(pc.match_substring_regex(self.text, pattern))

    @cached_property
    def distinct_share(self) -> float:
        """Distinct values per cell."""
        return len(self.text) / max(1, self.total) if self.counts.whole else 1.0


@dataclass(frozen=True)
class Numbers:
    """How a column writes its numbers.

    Parameters
    ----------
    values : ndarray of float64, shape (k,)
        NaN where the text is no number.
    plain : float
        Share of cells that parse without a unit.
    integral : bool
        Are all written without a fraction?
    decimal, thousands : str
    """

    values: np.ndarray
    plain: float
    integral: bool
    decimal: str
    thousands: str


def numbers_of(texts: Texts) -> Numbers | None:
    """The numbers of a column, None where nearly all of its cells should be numbers and are not."""
    if not texts.total:
        return None
    best: tuple[float, Numbers] | None = None
    for decimal, thousands in MARKS:
        if thousands and not _grouped(texts, thousands, decimal):
            continue
        if decimal == "," and not thousands and _grouped(texts, ",", "."):
            continue
        if decimal == "," and not thousands and not texts.cells(texts.matches(r"^[+-]?\d+,\d+$")):
            continue
        values = parse_numbers(texts.text, Column("", Role.NUMBER, "float64", (), "", decimal, thousands))
        share = texts.share(~np.isnan(values))
        if best is None or share > best[0]:
            whole = (
                texts.matches(r"^[+-]?\d{1,18}$") if not thousands else np.isnan(values) | (values == np.floor(values))
            )
            integral = bool((whole | np.isnan(values)).all())
            best = share, Numbers(values, texts.cells(~np.isnan(values)), integral, decimal, thousands)
        if share >= 0.99:
            break
    if best and best[0] >= 0.95:
        return best[1]
    return _with_units(texts, best[1] if best else None)


def _grouped(texts: Texts, thousands: str, decimal: str) -> bool:
    sep, mark = re.escape(thousands), re.escape(decimal)
    groups = texts.matches(rf"^[^\d]{{0,4}}[1-9]\d{{0,2}}({sep}\d{{3}})+({mark}\d+)?\D{{0,8}}$")
    apart = texts.matches(sep)
    return bool(groups.any()) and texts.cells(groups) >= 0.95 * texts.cells(apart)


def _with_units(texts: Texts, bare: Numbers | None) -> Numbers | None:
    """Numbers that carry a unit, a percent sign or a currency, when nearly all cells have that form."""
    fits = texts.matches(UNIT)
    if texts.share(fits) < 0.95:
        return None
    parts = [re.match(UNIT, value) for value in texts.text.to_pylist()]
    # the unit is the first word behind the number; what follows it is a remark
    marks = [
        f"{(m[1] or '').strip()}|{((m[3] or '').split() or [''])[0]}".casefold().rstrip(".") if m else "" for m in parts
    ]
    kinds: dict[str, int] = {}
    for mark, times in zip(marks, texts.weight.tolist(), strict=True):
        kinds[mark] = kinds.get(mark, 0) + times
    # a unit repeats; what differs from cell to cell is a name, a model or a street
    known = sum(sorted(kinds.values(), reverse=True)[:8])
    if len(kinds) > max(8, 0.05 * len(marks)) or known < 0.9 * texts.total:
        return None
    if len(texts.text) < 3 or any(
        re.fullmatch(r"[^|]+\|.*", kind) and not re.search(r"[$€£¥₹￥]|rmb|usd|eur|cny", kind)
        for kind, times in kinds.items()
        if times > 0.05 * texts.total
    ):
        return None
    if (texts.matches(TIME_OF_DAY) | texts.matches(r"^0\d")).mean() > 0.3:
        return None
    thousands = "," if _grouped(texts, ",", ".") else ""
    decimal = (
        "," if not thousands and texts.matches(r"\d,\d{1,2}\D*$").any() and not texts.matches(r"\d\.\d").any() else "."
    )
    core = pa.array([m[2].strip() if m else None for m in parts], pa.string())
    values = parse_numbers(core, Column("", Role.NUMBER, "float64", (), "", decimal, thousands))
    if texts.share(~np.isnan(values)) < 0.95:
        return None
    return Numbers(values, bare.plain if bare else 0.0, False, decimal, thousands)


def time_format(texts: Texts) -> tuple[str, np.ndarray] | None:
    """The format of a column of times and its values (datetime64[us]), None when it holds none."""
    if not texts.total:
        return None
    found: list[tuple[float, str, np.ndarray]] = []
    if texts.share(texts.matches(ISO)) >= 0.9:
        found.append((*_parsed(texts, ""),))
    for date, shape in DATES.items():
        if not date or not texts.matches(f"^{shape}").any():
            continue
        for clock, tail in CLOCKS.items():
            if texts.share(texts.matches(f"^{shape}{tail}$")) >= 0.9:
                found.append(_parsed(texts, date + clock))
    found = [one for one in found if one[0] >= 0.9]
    if not found:
        return None
    top = max(share for share, _, _ in found)
    likely = [one for one in found if one[0] >= top - 0.01]
    best = min(likely, key=lambda one: (_reversals(one[2]), likely.index(one)))
    return best[1], best[2]


def _parsed(texts: Texts, fmt: str) -> tuple[float, str, np.ndarray]:
    values = parse_times(texts.text, Column("", Role.TIME, "timestamp", (), fmt))
    return texts.share(~np.isnat(values)), fmt, values


def _reversals(times: np.ndarray) -> int:
    """How often a series in order of first appearance turns round: a wrong day-month order jumps about."""
    steps = np.diff(times[~np.isnat(times)].astype(np.int64))
    return int((np.sign(steps[1:]) != np.sign(steps[:-1])).sum()) + int((np.abs(steps) > 20 * 86_400_000_000).sum())
