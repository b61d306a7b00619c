"""Repairs characters: garbled runs, control and invisible signs, letters in pieces, full-width Latin letters."""

import re
from html import unescape
from html.entities import html5
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.quality.accuracy.broken_encoding import turned_back

# Signs that are not seen and mean nothing in a text: controls, soft hyphens, zero-width blanks, marks of direction.
# Joiners (U+200C, U+200D) stay: Persian, Hindi and emoji are written with them.
UNSEEN = r"\x{00}-\x{08}\x{0B}\x{0C}\x{0E}-\x{1F}\x{7F}-\x{84}\x{86}-\x{9F}\x{AD}\x{200B}\x{2060}-\x{2064}\x{FEFF}"
DIRECTION = r"\x{202A}-\x{202E}\x{2066}-\x{2069}\x{FFF9}-\x{FFFB}"
# What UTF-8 looks like when it is read as Windows-1252 or Latin-1: a lead byte as a letter, then signs
HIGH = (
    r"[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022"
    r"\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
LATIN_RUN = re.compile(f"{HIGH}{{2,}}(?: {HIGH}{{2,}})*")
GARBLED = (
    r"[\x{C2}-\x{F4}][\x{80}-\x{BF}\x{152}\x{153}\x{160}\x{161}\x{178}\x{17D}\x{17E}\x{192}\x{2C6}\x{2DC}"
    r"\x{2013}-\x{203A}\x{20AC}\x{2122}]"
)
# Two Chinese signs of the everyday set in GBK, read as Latin-1
LATIN_GARBLED = r"[\x{B0}-\x{D7}][\x{A1}-\x{FE}][\x{B0}-\x{D7}][\x{A1}-\x{FE}]"
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
MOST_ESCAPED = 2  # definition: twice, as &amp;amp; is; more is a text about escaping
# Lead bytes of common Chinese in UTF-8, read as GBK: signs that are rare in Chinese itself
HAN_GARBLED = "[涓浣浠浜鍦澶骞鏄鏈鐨杩寰涔鍒灏鎺鐗鍥娌瀹璇鍙鍚鎬鎮锛銆鎴鍖绗鐢鍏鍔鍐]"
HAN_RUN = re.compile(r"[^\x00-\x7f]{2,}")
WIDE_LETTERS = r"[\x{FF10}-\x{FF19}\x{FF21}-\x{FF3A}\x{FF41}-\x{FF5A}]"
# definition: Unicode's full-width digits and letters
WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
BLANKS = {0xA0: " ", 0x2028: "\n", 0x2029: "\n\n", 0x85: "\n"}
TRANSLATED = r"[\x{FB00}-\x{FB06}\x{A0}\x{2028}\x{2029}\x{85}]"
MARKS = r"\p{M}|[\x{1100}-\x{11FF}\x{2126}\x{212A}\x{212B}\x{F900}-\x{FAFF}]"  # where the composed form may differ


def repair(texts: Any) -> pa.Array:
    r"""Texts with their characters repaired; what is right stays as it is, byte for byte.

    - Garbled runs ("CafÃ©", "鍖椾含") are turned back where that gives readable text, and only there; the rest of the
      text is not touched.
    - Entities of HTML (``&amp;``, ``&#39;``) are written out in texts without a ``<``: those with one may
      be pages or code.
    - Controls, zero-width blanks, soft hyphens and marks of direction go. Line ends become ``\\n``.
    - Letters in pieces are composed (NFC), ligatures written out, full-width Latin letters and digits folded; Chinese
      punctuation keeps its width.

    A model learns "donâ€™t" as a word of its own, and misses the copy of a text that has a soft hyphen in it.

    Parameters
    ----------
    texts : pyarrow.Array or ChunkedArray of string, or list of str
        Null stays null.

    Source: Unicode Standard Annex 15 (normal forms); Speer (2019), ftfy, for the idea of turning back.
    """
    column = texts if isinstance(texts, (pa.Array, pa.ChunkedArray)) else pa.array(texts, pa.string())
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    column = _on(column, _escaped(column), _unescaped)
    beyond = np.asarray(pc.fill_null(pc.invert(pc.string_is_ascii(column)), False))
    # plain ASCII, most of most corpora, needs a look for controls and nothing more
    column = _on(column, _holds(column, r"[\x00-\x08\x0B-\x1F\x7F]"), _ascii)
    return _on(column, beyond, _further)


def _holds(column: pa.Array, pattern: str) -> np.ndarray:
    return np.asarray(pc.fill_null(pc.match_substring_regex(column, pattern), False))


def _on(column: pa.Array, here: np.ndarray, change: Any) -> pa.Array:
    """A column with a change made to some of its texts."""
    if not here.any():
        return column
    if here.all():
        return change(column)
    return pc.replace_with_mask(column, pa.array(here), change(column.filter(pa.array(here))).cast(column.type))


def _escaped(column: pa.Array) -> np.ndarray:
    """(n,) bool: texts with an entity of HTML and no tag."""
    with_entity = _holds(column, r"&(?:#[0-9]|#[xX][0-9A-Fa-f]|[A-Za-z][A-Za-z0-9])[0-9A-Za-z]{0,30};")
    return with_entity & ~_holds(column, "<") if with_entity.any() else with_entity


def _entity(match: re.Match[str]) -> str:
    """What an entity stands for; one that there is not stays."""
    known = match[0][1] == "#" or match[0][1:] in html5
    return unescape(match[0]) if known else match[0]


def _unescaped(column: pa.Array) -> pa.Array:
    def plain(text: str) -> str:
        for _ in range(MOST_ESCAPED):
            text, before = ENTITY.sub(_entity, text), text
            if text == before:
                break
        return text

    return pa.array([plain(text) for text in column.to_pylist()], column.type)


def _ascii(column: pa.Array) -> pa.Array:
    column = pc.replace_substring(pc.replace_substring(column, "\r\n", "\n"), "\r", "\n")
    return pc.replace_substring_regex(column, r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]", "")


def _further(column: pa.Array) -> pa.Array:
    """Texts that hold more than ASCII."""
    column = _on(column, _holds(column, f"{GARBLED}|{LATIN_GARBLED}"), lambda some: _each(some, LATIN_RUN))
    column = _on(column, _holds(column, HAN_GARBLED), lambda some: _each(some, HAN_RUN))
    unseen = f"[{UNSEEN}{DIRECTION}]"
    column = _on(column, _holds(column, unseen), lambda some: pc.replace_substring_regex(some, unseen, ""))
    table = WIDE | LIGATURES | BLANKS
    translated = _holds(column, f"{TRANSLATED}|{WIDE_LETTERS}")
    column = _on(column, translated, lambda some: _translated(some, table))
    return _on(column, _holds(column, MARKS), lambda some: pc.utf8_normalize(some, "NFC"))


def _translated(column: pa.Array, table: dict[int, Any]) -> pa.Array:
    return pa.array([text.translate(table) for text in column.to_pylist()], column.type)


def _each(column: pa.Array, run: re.Pattern[str]) -> pa.Array:
    texts = column.to_pylist()
    mended = [run.sub(_back, text) for text in texts]
    # a blank that cannot be broken is often lost to a plain one, and only where the text was read wrongly
    return pa.array([m if m == t else m.replace("Â ", " ") for m, t in zip(mended, texts, strict=True)], column.type)


def _back(match: re.Match[str]) -> str:
    """A run as it was meant; where the whole of it cannot be turned back, the parts between blanks."""
    run = match[0]
    whole = turned_back(run)[0]
    if whole is not None:
        return whole
    if " " in run:
        return " ".join(turned_back(part)[0] or part for part in run.split(" "))
    # the last sign of a garbled run is often lost, and only that one
    shorter = turned_back(run[:-1])[0] if len(run) > 4 else None
    return run if shorter is None else shorter + run[-1]
