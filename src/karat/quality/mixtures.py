"""Texts in two languages: how much of each text is written in which."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import InputError

SCRIPTS = {
    "Latin": r"\p{Latin}",
    "Han": r"\p{Han}",
    "Kana": r"[\p{Hiragana}\p{Katakana}]",
    "Hangul": r"\p{Hangul}",
    "Cyrillic": r"\p{Cyrillic}",
    "Arabic": r"\p{Arabic}",
    "Devanagari": r"\p{Devanagari}",
    "Greek": r"\p{Greek}",
    "Thai": r"\p{Thai}",
    "Hebrew": r"\p{Hebrew}",
    "another script": r"[^\P{L}\p{Latin}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Cyrillic}\p{Arabic}"
    r"\p{Devanagari}\p{Greek}\p{Thai}\p{Hebrew}]",
}
HAN, KANA = 1, 2
# how much a letter says: signs for words and syllables more than letters, and marks on letters are not counted
WEIGHTS = np.array([1, 3, 3, 3, 1, 1, 2, 1, 2, 1, 2])
OF_ONE_LANGUAGE = {"Han": "zh", "Kana": "ja", "Hangul": "ko", "Greek": "el", "Thai": "th", "Hebrew": "he"}
PIECE_ENDS = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
LEAST_LETTERS = 40  # of a piece; see ``WEIGHTS`` (set with benchmarks/language_identification.md in view)
LEAST_PIECE = 60  # characters, likewise (set with benchmarks/language_identification.md in view)
WIDE = 3  # unproven: letters that a sign for a syllable or a word is worth, as in ``WEIGHTS``
PROBABLE = 0.9  # unproven: of a piece's language; lower names more languages and more wrong ones
MOST_PIECES = 64  # cost: of a text that are looked at, spread over it
NO_LANGUAGE = frozenset({"und", "zxx"})


@dataclass(frozen=True)
class Mixture:
    """The two languages that most of a text is in.

    Parameters
    ----------
    main, other : str
        ISO codes, or names of scripts; "" where there is none.
    share : float
        Of the letters whose language is known, those in ``other``.
    """

    main: str
    other: str
    share: float


def mixtures(texts: Sequence[str], *, by_script: bool = False) -> list[Mixture]:
    """How much of each text is in a second language, told from pieces of a sentence or more.

    A quotation, a name or a term makes no mixture: a piece has at least ``LEAST_LETTERS`` letters. Scripts that one
    language alone is written in need no model; others need the extra ``text``, and without it scripts alone are told.

    Parameters
    ----------
    by_script : bool
        Tell scripts apart and nothing else; no model is read, which takes a second or two.
    """
    pieces, homes = [], []
    for at, text in enumerate(texts):
        for piece in _pieces(text):
            pieces.append(piece)
            homes.append(at)
    named = named_pieces(pa.array(pieces, pa.large_string()), by_script=by_script)
    sizes: list[dict[str, int]] = [{} for _ in texts]
    for home, piece, name in zip(homes, pieces, named, strict=True):
        if name:
            sizes[home][name] = sizes[home].get(name, 0) + len(piece)
    return [_mixture(by_language) for by_language in sizes]


def _mixture(by_language: dict[str, int]) -> Mixture:
    ranked = sorted(by_language.items(), key=lambda pair: (-pair[1], pair[0]))
    if len(ranked) < 2:
        return Mixture(ranked[0][0] if ranked else "", "", 0.0)
    return Mixture(ranked[0][0], ranked[1][0], ranked[1][1] / sum(by_language.values()))


def _pieces(text: str) -> Iterator[str]:
    """Sentences and lines, joined until they are long enough to have a language."""
    piece, pieces = "", []
    for part in PIECE_ENDS.split(text):
        # never joined over a change of script: the join would have two languages
        if piece and part.strip() and wide(piece) != wide(part):
            pieces.append(piece)
            piece = ""
        piece = f"{piece} {part}" if piece else part
        if len(piece) * (WIDE if wide(piece) else 1) >= LEAST_PIECE:
            pieces.append(piece)
            piece = ""
    pieces.append(piece)
    step = max(1, len(pieces) // MOST_PIECES)
    yield from pieces[::step]


def wide(text: str) -> bool:
    """Is more than a quarter of it signs that stand for a syllable or a word?"""
    return 4 * sum("\u3040" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7af" for sign in text) > len(text)


def named_pieces(pieces: pa.Array, probable: float = PROBABLE, *, by_script: bool = False) -> list[str]:
    """The language of each piece, "" where it is not as probable; the script where only that is known."""
    script, letters = scripts_of(pieces)
    clear = letters[np.arange(len(script)), script] >= 0.8 * np.maximum(1, letters.sum(axis=1))
    enough = letters.sum(axis=1) * WEIGHTS[script] >= LEAST_LETTERS
    names = list(SCRIPTS)
    out = [OF_ONE_LANGUAGE.get(names[at], "") if ok else "" for at, ok in zip(script, clear & enough, strict=True)]
    ask = np.flatnonzero(clear & enough & np.array([not name for name in out], bool))
    if by_script:
        for at in ask.tolist():
            out[at] = names[script[at]]
    elif len(ask):
        for at, name in zip(
            ask.tolist(), _languages_of(pieces.take(pa.array(ask)), script[ask], probable), strict=True
        ):
            out[at] = name
    return out


def _languages_of(pieces: pa.Array, script: np.ndarray, probable: float) -> list[str]:
    from karat.quality.languages import languages

    try:
        guesses = languages(pieces).to_pydict()
    except InputError:  # without the extra
        return [list(SCRIPTS)[at] for at in script.tolist()]
    pairs = zip(guesses["language"], guesses["probability"], strict=True)
    return [code if p >= probable and code not in NO_LANGUAGE else "" for code, p in pairs]


def scripts_of(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """(n,) the main script, a place in ``SCRIPTS``, and (n, scripts) letters of each; Han with Kana is Kana."""
    if not len(texts):
        return np.zeros(0, np.int64), np.zeros((0, len(SCRIPTS)), np.int64)
    counts = np.stack([pc.count_substring_regex(texts, pattern).to_numpy() for pattern in SCRIPTS.values()], axis=1)
    japanese = counts[:, KANA] * 10 > counts[:, HAN]
    counts[:, KANA] += np.where(japanese & (counts[:, KANA] > 0), counts[:, HAN], 0)
    counts[:, HAN] = np.where(japanese & (counts[:, KANA] > 0), 0, counts[:, HAN])
    return counts.argmax(axis=1), counts.astype(np.int64)
