"""Finds out how a text is encoded, and turns it into UTF-8 line by line, so that lines keep their numbers."""

import codecs
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from karat.core.degrees import A_FEW, SMALL_SAMPLE
from karat.core.errors import InputError

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Texts that announce another character set by an escape: ISO-2022 and HZ (RFC 1468, 1557, 1843).
ESCAPES = (
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b\$[@B]|\x1b\([JI]|\x1b\$\([DOQ]"), "iso2022_jp_3"),
    (re.compile(rb"~\{[\x21-\x7e]{2,}~\}"), "hz"),
)
# Nats by which the first encoding must be ahead of the next that gives another text, and what a byte may cost.
# Measured on names and places of 34 locales in 110 pairs of language and codec (benchmarks/encodings.py): of 1,190
# files with 3 or more such words none that is 7 ahead is read wrongly, but for Romanian in ISO 8859-16; text costs
# 2.5 to 4.8 a byte, bytes at random 6.8 or more.
MIN_LEAD, MIN_LEAD_OF_DOCUMENT = 7.0, 3.0
MAX_COST = 5.7  # nats a byte; benchmarks/encodings.py, see above


@dataclass(frozen=True)
class Encoding:
    """A codec and the length of the byte-order mark before the text; what came next, and how far behind (0 to 1)."""

    codec: str
    mark: int = 0
    runner_up: str = ""
    clear: float = 1.0

    @property
    def unit(self) -> int:
        """Bytes per code unit."""
        return 2 if self.codec.startswith("utf-16") else 4 if self.codec.startswith("utf-32") else 1

    def newline(self, newline: int) -> bytes:
        """The newline as stored."""
        return chr(newline).encode(self.codec)


def detect(sample: bytes, whole: bool, where: str, least: float = MIN_LEAD) -> Encoding:
    """The encoding of a text, from its byte-order mark, else from its bytes.

    Parameters
    ----------
    whole : bool
        Is this all of the text? If not, a character cut off at its end is forgiven.
    where : str
        File name for the error.
    least : float
        Nats by which the encoding must be ahead of the next.

    Raises
    ------
    InputError
        The bytes are no text, or their encoding cannot be told.
    """
    for mark, codec in BOMS:
        if sample.startswith(mark):
            return Encoding(codec, len(mark))
    special = _wide(sample) or _escaped(sample, whole)
    if special:
        return Encoding(special)
    control = sum(sample.count(byte) for byte in (*range(8), *range(14, 27), *range(28, 32)) if byte != 1)
    if control > max(8, 0.02 * len(sample)):
        raise InputError(f"{where} is binary data, not text", "Give the file its right ending, or convert it to text")
    if sample.isascii() or _decodes(sample, "utf-8", whole):
        return Encoding("utf-8")
    lines = [line for line in sample.split(b"\n")[: None if whole else -1] if not line.isascii()] or [sample]
    valid = sum(_decodes(line, "utf-8", True) for line in lines)
    if 2 * valid >= len(lines):
        _refuse_mixture(lines, "utf-8", where)
        return Encoding("utf-8", 0, "", valid / len(lines))  # the other lines go to quarantine
    return _legacy(sample, lines, where, least)


def _legacy(sample: bytes, lines: list[bytes], where: str, least: float) -> Encoding:
    """The encoding that makes the most plausible text. Raises InputError where none does, or two do."""
    from karat.collect.candidates import ranked

    best = ranked(sample)
    if best.cost > MAX_COST:
        raise InputError(f"the encoding of {where} is not one that Karat knows", "Name it with --encoding")
    if best.lead < least:
        raise InputError(
            f"the encoding of {where} is ambiguous: {best.codec} or {best.runner_up}",
            f"Choose with --encoding {best.codec}",
        )
    _refuse_mixture(lines, best.codec, where)
    return Encoding(best.codec, 0, best.runner_up, best.lead / (best.lead + MIN_LEAD))


def _refuse_mixture(lines: list[bytes], codec: str, where: str) -> None:
    """Raise InputError where too many lines are in another encoding to be left out."""
    foreign = sum(not _decodes(line, codec, True) for line in lines)
    if foreign > max(SMALL_SAMPLE, A_FEW * len(lines)):
        mixture = f"{foreign:,} of the first {len(lines):,} lines beyond ASCII that are not {codec}"
        raise InputError(
            f"{where} mixes encodings: {mixture}",
            f"Convert the file, or set --encoding {codec} to quarantine the other lines",
        )


def ordered(sample: bytes, codec: str) -> Encoding:
    """The encoding that the user names, with the byte-order mark where there is one."""
    wide = codec.replace("_", "-") in ("utf-16", "utf-32")
    for mark, marked in BOMS:
        if sample.startswith(mark) and (marked == codec or (wide and marked.startswith(codec.replace("_", "-")))):
            return Encoding(marked, len(mark))
    return Encoding(f"{codec}-le" if wide else "utf-8" if codec == "utf-8-sig" else codec)


def _decodes(data: bytes, codec: str, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder(codec)().decode(data, whole)
    except UnicodeDecodeError:
        return False
    return True


def _escaped(sample: bytes, whole: bool) -> str | None:
    """An encoding of seven bits that switches character sets."""
    if not sample.isascii():
        return None
    return next((codec for sign, codec in ESCAPES if sign.search(sample) and _decodes(sample, codec, whole)), None)


def _wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: newlines, commas and digits leave the same bytes of a unit zero."""
    for unit, ways in ((4, ("utf-32-be", "utf-32-le")), (2, ("utf-16-be", "utf-16-le"))):
        body = sample[: len(sample) // unit * unit]
        if len(body) < 2 * unit or b"\x00" not in body:
            continue
        zero = (np.frombuffer(body, np.uint8).reshape(-1, unit) == 0).mean(axis=0)
        big, little = zero[0], zero[-1]
        codec = ways[int(little > big)]
        sure = (
            max(big, little) > 0.99
            if unit == 4
            else max(big, little) >= 0.05 and min(big, little) <= 0.1 * max(big, little)
        )
        if sure and _decodes(body, codec, False) and _is_text(codecs.getincrementaldecoder(codec)().decode(body)):
            return codec
    return None


def _is_text(text: str) -> bool:
    """Lines or plain letters, and next to no character that is unassigned, private or a control."""
    plain = sum(char < "\u0100" for char in text)
    odd = sum(char not in "\t\r\n" and unicodedata.category(char)[0] == "C" for char in text)
    return odd <= 0.02 * len(text) and ("\n" in text or 2 * plain > len(text))


def to_utf8(data: bytes, codec: str) -> tuple[bytes, list[int]]:
    """Whole lines as UTF-8, and which of them (from 0) could not be decoded; those hold replacement characters.

    Lines end in a line feed, or in a carriage return where there is no line feed.
    """
    if codec == "utf-8":
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return data, _bad_lines(data)
        return data, []
    with suppress(UnicodeError):  # not whole: line by line below, so that only the bad lines are lost to reading
        return data.decode(codec).encode("utf-8"), []
    feed = "\n".encode(codec)
    newline = feed if feed in data else "\r".encode(codec)
    out: list[str] = []
    bad: list[int] = []
    edges = [0, *line_ends(data, newline).tolist()]
    for at, line in enumerate(data[a:b] for a, b in pairwise(edges)):
        try:
            text = line.decode(codec)
            text.encode("utf-8")
        except UnicodeError:
            bad.append(at)
            body = line.removesuffix(newline)
            text = "?" * max(1, len(body) // 2) + (("\n" if newline == feed else "\r") if body != line else "")
        out.append(text)
    return "".join(out).encode("utf-8"), bad


def _bad_lines(data: bytes) -> list[int]:
    newline = b"\n" if b"\n" in data else b"\r"
    bad: list[int] = []
    pos, line = 0, 0
    while pos < len(data):
        try:
            data[pos:].decode("utf-8")
        except UnicodeDecodeError as error:
            line += data.count(newline, pos, pos + error.start)
            bad.append(line)
            end = data.find(newline, pos + error.start)
            if end < 0:
                break
            pos, line = end + 1, line + 1
        else:
            break
    return bad


def line_ends(data: bytes, newline: bytes) -> np.ndarray:
    r"""(lines,) int64: where each line ends, its newline included; positions are aligned to code units.

    >>> line_ends(b"a\nbc\nd", b"\n").tolist()
    [2, 5, 6]
    """
    unit = len(newline)
    kind = np.uint8 if unit == 1 else f"V{unit}"
    units = np.frombuffer(data[: len(data) // unit * unit], kind)
    ends = (np.flatnonzero(units == np.frombuffer(newline, kind)[0]) + 1) * unit
    tail = not len(ends) or ends[-1] < len(data)
    return np.append(ends, len(data)) if tail and data else ends
