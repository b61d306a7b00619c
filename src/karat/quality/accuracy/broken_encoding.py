"""Text that was read in the wrong encoding."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow.compute as pc

from karat.core.counts import ValueCounts
from karat.core.finding import Dimension
from karat.core.schema import Column, Schema
from karat.core.short_texts import remembered
from karat.quality.by_value import ByValue, Rule, ValueVerdict
from karat.quality.distinct import Distinct

# What only a wrong reading puts side by side: UTF-8 lead bytes as Latin letters before a sign or control, a pair of
# high Latin signs (GBK as Latin-1), rare Chinese signs that UTF-8 gives when read as GBK, and lost characters.
LATIN = (
    r"[\x{00C2}-\x{00F4}][\x{0080}-\x{00BF}\x{0152}\x{0153}\x{0160}\x{0161}\x{0178}\x{017D}\x{017E}"
    r"\x{0192}\x{02C6}\x{02DC}\x{2013}-\x{203A}\x{20AC}\x{2122}]"
)
HIGH_PAIR = r"[\x{00A1}-\x{00FE}]{4,}"
HAN = r"\p{Han}"
LOST = r"\x{FFFD}|锟斤拷|烫烫烫|屯屯屯"
SUSPECT = f"{LATIN}|{HIGH_PAIR}|{LOST}"
READABLE = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef\u2010-\u2026\s\w.,;:!?()'\"€£¥©®°·–—…+\-/&%]+")

STUCK = re.compile(r"[A-Za-z][\u4e00-\u9fff](?![\u4e00-\u9fff])|(?<![\u4e00-\u9fff])[\u4e00-\u9fff][a-z]")
LATIN_ONLY = re.compile(r"[\x00-\x7f\u00c0-\u017f]+")


@dataclass(frozen=True)
class BrokenEncoding(ByValue):
    """Garbled letters: UTF-8 read as Windows-1252 ("CafÃ©") or as GBK ("鍖椾含"), GBK read as Latin-1, lost signs.

    The bytes were right and the reading was wrong, so the text can mostly be turned back, exactly. Where a character
    was lost for good (U+FFFD, 锟斤拷) the value is only marked.

    Source: Speer (2019), ftfy, for the idea that what can be turned back whole was garbled; the rules are our own.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    kinds: ClassVar[frozenset[str]] = ByValue.kinds | {"chat"}
    measure_name: ClassVar[str] = "syntactic data accuracy of characters"
    of_plain_numbers: ClassVar[bool] = False
    mark: ClassVar[str] = r"[^\x00-\x7F]"

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule:
        """The same question for every column."""
        return self._garbled

    def _garbled(self, seen: Distinct) -> Iterable[ValueVerdict]:
        if len(seen.texts) == 0 or not _beyond_ascii(seen):
            return
        suspect = pc.match_substring_regex(seen.array, SUSPECT).to_numpy(zero_copy_only=False)
        chinese = pc.match_substring_regex(seen.array, HAN).to_numpy(zero_copy_only=False)
        for at in np.flatnonzero(suspect | chinese).tolist():
            text = seen.texts[at]
            mended, how = turned_back(text)
            if mended is not None:
                yield ValueVerdict(at, 0.95, f"{how}; turned back it reads {mended[:40]!r}", mended)
            elif "\ufffd" in text or "锟斤拷" in text:
                yield ValueVerdict(at, 0.9, "characters were lost when the text was read in the wrong encoding")


def _beyond_ascii(seen: Distinct) -> bool:
    return pc.any(pc.invert(pc.string_is_ascii(seen.array))).as_py() or False


@remembered(16_384)
def turned_back(text: str) -> tuple[str | None, str]:
    """The text as it was meant, and what had happened to it; None when it is not garbled."""
    for wrong, right, how in (
        ("cp1252", "utf-8", "UTF-8 read as Windows-1252"),
        ("latin-1", "utf-8", "UTF-8 read as Latin-1"),
        ("gb18030", "utf-8", "UTF-8 read as GBK"),
        ("latin-1", "gbk", "GBK read as Latin-1"),
    ):
        back = _recode(text, wrong, right)
        if back is None or back == text or "\ufffd" in back:
            continue
        if right == "utf-8" and wrong != "gb18030" and len(back) < len(text) and not READABLE.fullmatch(back):
            again = turned_back(back)[0]  # read wrongly twice: what lies between is no text
            if again is not None:
                return again, how + ", twice"
        if _better(text, back, wrong, right):
            again = turned_back(back)[0] if wrong != "gb18030" else None
            return again or back, how + (", twice" if again else "")
    return None, ""


def _recode(text: str, wrong: str, right: str) -> str | None:
    """The bytes that ``wrong`` would have given this text from, read as ``right``; None where that cannot be."""
    try:
        return _bytes(text, wrong).decode(right)
    except UnicodeError:
        return None


def _bytes(text: str, wrong: str) -> bytes:
    if wrong != "cp1252":
        return text.encode(wrong)
    # Windows-1252 leaves five bytes open; readers keep them as controls
    return b"".join(bytes([ord(ch)]) if 0x80 <= ord(ch) < 0xA0 else ch.encode("cp1252") for ch in text)


def _better(text: str, back: str, wrong: str, right: str) -> bool:
    if wrong == "gb18030":  # any Chinese text has bytes; few of them are valid UTF-8 for shorter, common text
        if _common(back):
            return len(back) < len(text) or not _common(text)
        return STUCK.search(text) is not None and LATIN_ONLY.fullmatch(back) is not None
    if right == "gbk":
        high = [ch for ch in text if ord(ch) > 0xA0]
        return (
            len(high) >= 4
            and _common(back)
            and all("\u4e00" <= ch <= "\u9fff" or ord(ch) < 0x80 or ch in "，。、；：？！（）“”" for ch in back)
        )
    return len(back) < len(text) and READABLE.fullmatch(back) is not None


def _common(text: str) -> bool:
    """Are its Chinese signs of the everyday set (GB 2312's first level)?"""
    signs = [ch for ch in text if "\u4e00" <= ch <= "\u9fff"]
    return bool(signs) and all(0xB0 <= (code := ch.encode("gb18030"))[0] <= 0xD7 and code[1] >= 0xA1 for ch in signs)
