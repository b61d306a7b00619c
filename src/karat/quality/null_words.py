"""Words and codes that people and programs write where a value is missing, in English and Chinese."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.degrees import NEARLY_ALL

# Nobody means a value by these; sorted by kind: abbreviations, programs, spreadsheets, marks, phrases.
NULL_WORDS = frozenset({
    "n/a", "na", "n.a.", "n.a", "n / a", "#n/a", "#na", "<na>", "n/k", "n.k.", "tbd", "tba",
    "null", "(null)", "<null>", "[null]", "nan", "-nan", "nil", "\\n", "nat", "undefined", "(blank)", "[blank]",
    "#value!", "#ref!", "#div/0!", "#name?", "#num!", "#null!",
    "", "-", "--", "---", "\u2013", "\u2014", "\u2014\u2014", "_", "__", ".", "..", "...", "\u2026", "?", "??", "???",
    "/", "//", "\\", "*", "**", "***", "(-)", "x", "xx", "xxx",
    "not available", "not applicable", "not recorded", "not known", "not specified", "not stated", "not given",
    "unspecified", "no data", "no value", "no answer", "no entry", "data missing", "value missing", "to be determined",
    "不详", "暂无", "缺失", "未填", "未填写", "不明", "不适用", "无数据", "暂缺", "未提供", "空值", "缺",
    "未记录", "待定", "－", "－－", "／", "？", "ｎ／ａ", "ｎａ", "ｎｕｌｌ", "不詳", "暫無", "無資料",
})  # fmt: skip
# These are gaps in one table and categories in the next ("none" other debts); a column must show which.
WEAK_WORDS = frozenset({
    "none", "unknown", "missing", "其他未知", "empty", "blank", "unk", "not known yet", "unclear",
    "无", "未知", "空", "没有", "無", "空白",
})  # fmt: skip
AMBIGUOUS_WORDS = frozenset({"x", "xx", "xxx", "*", "**", "***", "/", "//", "\\", ".", "_", "nil", "na"})
# One of these may be a grade, a sign or a level of its own.
MARKS = frozenset({"-", "\u2013", "\u2014", "\u2014\u2014", "..", "...", "\u2026", "__", "\uff0d"})
# How programs export a blank, letter for letter: R, spreadsheets, SQL, JSON, Python, SAS.
BLANK_MARKS = frozenset({"NA", "N/A", "#N/A", "NULL", "null", "NaN", "nan", "."})
TIME_CODES = (
    "9999-12-31",
    "1900-01-01",
    "1970-01-01",
    "0001-01-01",
    "0000-00-00",
    "1899-12-30",
    "2999-12-31",
    "9999-99-99",
    "1899-12-31",
    "1899-11-30",
    "1753-01-01",
    "9999-01-01",
)
TIME_CODE = "^(?:" + "|".join(code.replace("-", "[-/]") for code in TIME_CODES) + ")(?:[ t].*)?$"
# definition: letters that Python and Arrow may write small in another way; not ASCII, and no Chinese sign
BEYOND = re.compile(r"[^\x00-\x7f\u4e00-\u9fff]").search
FEW = 4  # cost: texts that are looked at one by one; an expression takes a millisecond to be made
LONGEST = 60  # cost: bytes of a gap word or a day with its time; longer texts are not compared
KNOWN_CODES = frozenset(
    {-1.0, -9.0}
    | {sign * (10.0**k - 1) for k in range(2, 10) for sign in (1, -1)}
    | {sign * 8.0 / 9 * (10.0**k - 1) for k in range(2, 8) for sign in (1, -1)}
    | {-(10.0**k) for k in range(2, 7)}
    | {-999.9, -99.9, -9999.9, 999.9, 9999.9}
)


def word_shape(text: str) -> str:
    """The shape of a single word or mark: "Title", "UPPER", "lower", "Other" or "marks"; "" for all else."""
    text = text.strip()
    if text.isalpha():
        return "Title" if text.istitle() else "UPPER" if text.isupper() else "lower" if text.islower() else "Other"
    return "marks" if text and not any(ch.isalnum() or ch.isspace() for ch in text) else ""


def of_one_length(text: str, values: Sequence[str]) -> bool:
    """Have nearly all values of a column the length of one text, as codes do (nan is a language)?"""
    some = values[:1000]
    return sum(len(value) == len(text) for value in some) >= NEARLY_ALL * len(some)


def in_keeping(words: Iterable[str], values: Iterable[str]) -> set[str]:
    """Gap words that look like the values of their column: Null among surnames, NA among country codes, - beside +.

    Parameters
    ----------
    words : iterable of str
        That may mean missing.
    values : iterable of str
        Distinct values of the column that cannot.
    """
    asked = {word: shape for word in words if (shape := word_shape(word))}
    shapes = Counter(word_shape(value) for value in values) if asked else Counter[str]()
    return {word for word, shape in asked.items() if shapes[shape] >= (1 if shape == "marks" else 2)}


@dataclass(frozen=True)
class GapMasks:
    """Which of k texts mean that nothing is known: always, perhaps, or as a day that is none; (k,) bool each."""

    strong: np.ndarray
    weak: np.ndarray
    day: np.ndarray

    @property
    def all(self) -> np.ndarray:
        """Any of the three."""
        return self.strong | self.weak | self.day


@cache
def array_of(words: frozenset[str]) -> pa.Array:
    """Words as an Arrow array, made once: wide tables ask for each column."""
    return pa.array(sorted(words), pa.string())


def _may_be_gap(text: str | None) -> bool:
    """Can a text be a gap word, or a day with a code? A quick look that misses none."""
    if text is None:
        return False
    plain = text.strip().lower()
    day = plain[:1].isdigit() and ("-" in plain or "/" in plain)
    return day or plain in NULL_WORDS or plain in WEAK_WORDS or BEYOND(plain) is not None


def gap_masks(texts: pa.Array, among: np.ndarray | None = None) -> GapMasks:
    """Look for gap words and days among texts.

    Parameters
    ----------
    texts : pyarrow.Array of string, length k
    among : ndarray of bool, shape (k,), or None
        Which texts to look at; None means all.
    """
    strong, weak, day = (np.zeros(len(texts), bool) for _ in range(3))
    if len(texts) <= FEW and among is None and not any(map(_may_be_gap, texts.to_pylist())):
        return GapMasks(strong, weak, day)
    fits = pc.less_equal(pc.binary_length(texts), LONGEST).to_numpy(zero_copy_only=False)
    short = np.flatnonzero(fits if among is None else fits & among)
    if not len(short):
        return GapMasks(strong, weak, day)
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(texts.take(pa.array(short))))
    strong[short] = pc.is_in(plain, array_of(NULL_WORDS)).to_numpy(zero_copy_only=False)
    weak[short] = pc.is_in(plain, array_of(WEAK_WORDS)).to_numpy(zero_copy_only=False)
    day[short] = pc.match_substring_regex(plain, TIME_CODE).to_numpy(zero_copy_only=False)
    return GapMasks(strong, weak, day)


@lru_cache(maxsize=4_096)
def is_weak(text: str) -> bool:
    """Is a text a word that means missing in some tables and is a category in others?"""
    return bool(gap_masks(pa.array([text], pa.string())).weak[0])
