"""The encodings that a text without a mark may have, and which of them its bytes speak for."""

import re
from dataclasses import dataclass

import numpy as np

from karat.collect.plausible import cost_of

# Codec to its handicap in nats: the web's share of encodings (W3Techs, 2024) orders them coarsely, the systems that
# wrote the others are gone. Where two give the same text the one named first is chosen: it holds the others.
HANDICAPS: dict[float, str] = {
    0: "cp1252 gb18030 cp1251 big5hkscs cp932 euc_jp cp949",
    2: "cp1250 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 koi8_u",
    3: "cp866 iso8859_1 iso8859_2 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_9 iso8859_13 iso8859_15 "
    "cp950 koi8_r mac_roman cp850 cp852 cp437 mac_cyrillic",
    6: "cp737 cp775 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp869 cp720 cp1125 kz1048 johab "
    "iso8859_3 iso8859_4 iso8859_10 iso8859_14 iso8859_16 mac_latin2 mac_greek mac_turkish mac_iceland mac_croatian "
    "euc_jis_2004 shift_jis_2004",
}
CANDIDATES = {codec: handicap for handicap, codecs in HANDICAPS.items() for codec in codecs.split()}
SEPARATORS = re.compile(rb'[\t\n\r ,;"]+')  # bytes that are no part of a character in any of the codecs
MAX_WORDS = 500  # cost: of more, so many are drawn evenly
MAX_WORD_BYTES = 60  # cost: longer runs are left out, or cut where there are no others


@dataclass(frozen=True)
class Ranking:
    """The likeliest encoding and the next one that gives another text.

    Parameters
    ----------
    lead : float
        By how many nats the first is ahead.
    cost : float
        Of a byte, in nats: text in a language costs 1.5 to 4.5, bytes at random more.
    """

    codec: str
    runner_up: str
    lead: float
    cost: float


def ranked(sample: bytes) -> Ranking:
    """The encodings of a text that holds bytes beyond ASCII, in order of their likelihood."""
    words = _words(sample)
    by_text: dict[tuple[str, ...], tuple[float, str]] = {}
    for codec, handicap in CANDIDATES.items():
        texts = tuple(word.decode(codec, "replace") for word in words)
        if texts not in by_text:
            by_text[texts] = (cost_of(list(texts)) + handicap, codec)
    order = sorted((cost, codec, texts) for texts, (cost, codec) in by_text.items())
    (cost, codec, _), (next_cost, runner_up, _) = order[:2]
    return Ranking(codec, runner_up, next_cost - cost, cost / sum(map(len, words)))


def _words(sample: bytes) -> list[bytes]:
    """The distinct words that hold bytes beyond ASCII, evenly from the whole sample."""
    words = dict.fromkeys(word for word in SEPARATORS.split(sample) if not word.isascii())
    chosen = [word for word in words if len(word) <= MAX_WORD_BYTES] or [_cut(word) for word in words]
    at = np.linspace(0, len(chosen) - 1, min(len(chosen), MAX_WORDS)).astype(int)
    return [chosen[place] for place in at]


def _cut(word: bytes) -> bytes:
    """The beginning of a long word, from its first byte beyond ASCII on: the others tell no encoding from another."""
    first = next(place for place, byte in enumerate(word) if byte > 127)
    return word[first : first + MAX_WORD_BYTES]
