"""Finds out how a text is encoded, and turns it into UTF-8 line by line, so that lines keep their numbers."""

import codecs
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from karat.core.errors import InputError

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
COMMON_HAN = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只"
    "作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定"
    "女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住"
    "員九笑性通目華報立馬命張活難神數件安表原車白應路期叫死常提感金何更反合放做系計或司利受光王果親界及今京務製解各任至清物台象記邊共風戰接它許八特"
    "覺望直服毛林題建南度統色字請交愛讓認算論百吃義科怎元社術結六功指思非流每青管夫連遠資隊跟帶花快條院變聯言權往展該領傳近留紅治決周保達辦運武半候"
    "這來國個說們為時過裡後麼還發當開經頭動兩長樣現將與進實點種聲話兒給幾業間電東門關並內產萬處總場師書區縣號價買賣店餐廳價格質量评價商品客服酒店房间"
)
SAMPLE_BYTES = 1 << 20


@dataclass(frozen=True)
class Encoding:
    """A codec and the length of the byte-order mark before the text."""

    codec: str
    mark: int = 0

    @property
    def unit(self) -> int:
        """Bytes per code unit."""
        return 2 if self.codec.startswith("utf-16") else 4 if self.codec.startswith("utf-32") else 1

    def newline(self, newline: int) -> bytes:
        """The newline as stored."""
        return chr(newline).encode(self.codec)


def detect(sample: bytes, whole: bool, where: str) -> Encoding:
    """The encoding of a text, from its byte-order mark, else from its bytes.

    Parameters
    ----------
    sample : bytes
    whole : bool
        Is this all of the text? If not, a character cut off at its end is forgiven.
    where : str
        File name for the error.

    Raises
    ------
    InputError
        The bytes are no text.
    """
    for mark, codec in BOMS:
        if sample.startswith(mark):
            return Encoding(codec, len(mark))
    wide = _wide(sample)
    if wide:
        return Encoding(wide)
    control = sum(sample.count(byte) for byte in (*range(8), *range(14, 27), *range(28, 32)) if byte != 1)
    if control > max(8, 0.02 * len(sample)):
        raise InputError("text wanted", "binary data", where, "give the file its right ending, or convert it to text")
    if sample.isascii() or _decodes(sample, "utf-8", whole):
        return Encoding("utf-8")
    lines = [line for line in sample.split(b"\n")[: None if whole else -1] if not line.isascii()]
    valid = sum(_decodes(line, "utf-8", True) for line in lines)
    if lines and 2 * valid >= len(lines):
        return Encoding("utf-8")  # mixed: the other lines go to quarantine
    return Encoding(max(("gb18030", "big5", "cp1252"), key=lambda codec: _plausible(sample, codec)))


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


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: newlines, commas and digits leave every other byte zero."""
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    zero = np.frombuffer(sample[: len(sample) & ~1], np.uint8).reshape(-1, 2) == 0
    big, little = zero.mean(axis=0)
    if max(big, little) < 0.05 or min(big, little) > 0.1 * max(big, little):
        return None
    codec = "utf-16-le" if little > big else "utf-16-be"
    if not _decodes(sample, codec, False):
        return None
    text = sample[: len(sample) & ~1].decode(codec, "replace")
    # pairs of ASCII letters read as one unit give rare characters
    return codec if sum(char < "\u0100" or char in COMMON_HAN for char in text) > 0.35 * len(text) else None


def _plausible(sample: bytes, codec: str) -> float:
    """How much a decoding looks like language, in [0, 1]: common characters, whole words."""
    text = codecs.getincrementaldecoder(codec)("replace").decode(sample)
    if codec == "cp1252":
        pairs = list(zip(" " + text[:-1], text, text[1:] + " ", strict=True))
        high = [(before, char, after) for before, char, after in pairs if ord(char) > 127]
        # an accented letter stands alone among plain ones; the bytes of Chinese stand in rows
        alone = sum((before.isascii() and after.isascii() and char.isprintable()) for before, char, after in high)
        return alone / max(1, len(high))
    high_chars = [char for char in text if ord(char) > 127]
    common = sum(
        char in COMMON_HAN or "\u3000" <= char <= "\u3020" or "\uff00" <= char <= "\uff5e" for char in high_chars
    )
    level_one = sum(_level_one(char, codec) for char in high_chars)
    broken = high_chars.count("\ufffd")
    return (common + level_one - 4 * broken) / max(1, 2 * len(high_chars))


def _level_one(char: str, codec: str) -> bool:
    try:
        data = char.encode("gb2312" if codec == "gb18030" else "big5")
    except UnicodeEncodeError:
        return False
    first, last = (0xB0, 0xD7) if codec == "gb18030" else (0xA4, 0xC6)
    return first <= data[0] <= last


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
