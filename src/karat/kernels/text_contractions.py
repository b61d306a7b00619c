"""English texts that are split, or kept whole, in a way no rule of punctuation gives: don't, Mr., :-), 9am.

The list is that of spaCy 3.8 for English, built from its patterns: what is compared with a reference has to cut words
where the reference cuts them.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np

MAX_PIECES = 4  # definition: no text of the list is cut into more
SPECIAL_SIZE = 4096  # cost: places in the table of special texts
HINTS = 1024  # cost: words of 64 bits before it: a bit for each hash that may be in it
MAX_BYTES = 32  # definition: no text of the list is longer
ALL, STEP, MIX = 0xFFFFFFFFFFFFFFFF, 0x9E3779B97F4A7C15, 0x9FB21C651E98DF25

NOT_SPLIT = frozenset(["ill", "its", "hell", "shell", "shed", "were", "well", "whore"])
PRONOUNS = ["i", "you", "he", "she", "it", "we", "they"]
QUESTIONS = ["who", "what", "when", "where", "why", "how", "there", "that", "this", "these", "those"]
VERBS = [
    "ca",
    "could",
    "do",
    "does",
    "did",
    "had",
    "may",
    "might",
    "must",
    "need",
    "ought",
    "sha",
    "should",
    "wo",
    "would",
]
PLAIN_VERBS = ["ai", "are", "is", "was", "were", "have", "has", "dare"]
SHORTENED = ["doin", "goin", "nothin", "nuthin", "ol", "somethin", "lovin", "havin"]
CLIPPED = ["cause", "cos", "coz", "cuz"]
WHOLE = """'S 's 'd 're 'll ll 'em em 'nuff nuff 'bout and/or w/o ma'am Ma'am o'clock O'clock Mt. Ak. Ala. Apr.
Ariz. Ark. Aug. Calif. Colo. Conn. Dec. Del. Feb. Fla. Ga. Ia. Id. Ill. Ind. Jan. Jul. Jun. Kan. Kans.
Ky. La. Mar. Mass. Mich. Minn. Miss. N.C. N.D. N.H. N.J. N.M. N.Y. Neb. Nebr. Nev. Nov. Okla. Ore. Pa.
S.C. Sep. Sept. Tenn. Va. Wash. Wis. a.m. Adm. Bros. co. Co. Corp. D.C. Dr. e.g. E.g. E.G. Gen. Gov.
i.e. I.e. I.E. Inc. Jr. Ltd. Md. Messrs. Mo. Mont. Mr. Mrs. Ms. p.m. Ph.D. Prof. Rep. Rev. Sen. St. vs.
v.s. Oct. ' \\") \\n \\t <space> '' C++ ä. ö. ü. ‘S ‘s — ’ ’’"""
FACES = """=[ ]= :) :-) :)) :-)) :))) :-))) (: (-: =) (= :] :-] [: [-: [= =] :o) (o: :} :-} 8) 8-) (-8 ;) ;-) (;
(-; :( :-( :(( :-(( :((( :-((( ): )-: =( >:( :') :'-) :'( :'-( :/ :-/ =/ =| :| :-| :1 :P :-P :p :-p :O
:-O :o :-o :0 :-0 :() >:o :* :-* :3 :-3 =3 :> :-> :X :-X :x :-x :D :-D ;D ;-D =D xD XD xDD XDD 8D 8-D
^_^ ^__^ ^___^ >.< >.> <.< ._. ;_; -_- -__- v.v V.V v_v V_V o_o o_O O_o O_O 0_o o_0 0_0 o.O O.o O.O o.o
0.0 o.0 0.o @_@ <3 <33 <333 </3 (^_^) (-_-) (._.) (>_<) (*_*) (¬_¬) ಠ_ಠ ಠ︵ಠ (ಠ_ಠ) ¯\\(ツ)/¯ (╯°□°）╯︵┻━┻
><(((*>"""
CUT = "y'|all y|all how|'d|'y How|'d|'y can|not Can|not gon|na Gon|na got|ta Got|ta let|'s Let|'s c'm|on C'm|on"


@cache
def special_words() -> dict[str, tuple[str, ...]]:
    """Each special text and the pieces it is cut into."""
    splits = {"".join(pieces): pieces for pieces in _patterns()}
    for text in [text for text in splits if text.lower() in NOT_SPLIT]:
        del splits[text]
    for text, pieces in list(splits.items()):
        curly = text.replace("'", "’")
        splits.setdefault(curly, tuple(piece.replace("'", "’") for piece in pieces))
    return splits


def _patterns() -> Iterator[tuple[str, ...]]:
    for word, endings in _with_endings():
        for first in (word, word.title()):
            for ending in endings:
                yield (first, *ending)
                yield (first, *(piece.replace("'", "") for piece in ending))
    for word in SHORTENED:
        yield from ((form + mark,) for form in (word, word.title()) for mark in ("", "'"))
    for word in CLIPPED:
        yield from (("'" + form,) for form in (word, word.title()))
    for hour in range(1, 13):
        yield from ((str(hour), half) for half in ("a.m.", "am", "p.m.", "pm"))
    for letter in "abcdefghijklmnopqrstuvwxyz":
        yield (letter + ".",)
    for scale in "CFKcfk":
        yield ("°", scale, ".")
    yield from ((text,) for text in (*WHOLE.split(), *FACES.split()))
    yield from (tuple(text.split("|")) for text in CUT.split())


def _with_endings() -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    future: list[tuple[str, ...]] = [("'ll",), ("'ll", "'ve"), ("'d",), ("'d", "'ve")]
    yield "i", [("'m",), ("'m", "a")]
    for word in PRONOUNS:
        yield word, future
    for words, ending in (("i you we they", "'ve"), ("you we they", "'re"), ("he she it", "'s")):
        for word in words.split():
            yield word, [(ending,)]
    for word in QUESTIONS:
        yield word, future
        if word not in ("these", "those"):
            yield word, [("'s",)]
        if word not in ("that", "this"):
            yield word, [("'re",), ("'ve",)]
    for word in VERBS:
        yield word, [("n't",), ("n't", "'ve")]
    for word in ("could", "might", "must", "should", "would", "not"):
        yield word, [("'ve",)]
    for word in PLAIN_VERBS:
        yield word, [("n't",)]


def hash_bytes(text: bytes) -> int:
    """The hash that the kernels give a stretch of bytes, ``hashed``."""
    size = len(text)
    value = (size * STEP) & ALL
    if size >= 8:
        for at in range(0, size - 7, 8):
            value = _stirred(value, int.from_bytes(text[at : at + 8], "little"))
        return _stirred(value, int.from_bytes(text[-8:], "little")) if size % 8 else value
    return _stirred(value, int.from_bytes(text, "little")) if size else value


def _stirred(value: int, more: int) -> int:
    value = ((value ^ more) * MIX) & ALL
    return value ^ (value >> 32)


@cache
def special_table() -> tuple[np.ndarray, np.ndarray]:
    """The special texts as an open-addressing table.

    Returns
    -------
    keys : ndarray of uint64, shape (HINTS + SPECIAL_SIZE,)
        A bit for each hash; then the hash of each text's bytes, 0 where free.
    pieces : ndarray of int64, shape (SPECIAL_SIZE, MAX_PIECES)
        Lengths of its pieces in characters, 0 beyond the last.
    """
    words = special_words()
    keys = np.zeros(HINTS + SPECIAL_SIZE, np.uint64)
    pieces = np.zeros((SPECIAL_SIZE, MAX_PIECES), np.int64)
    for text, cut in sorted(words.items()):
        key = hash_bytes(text.encode())
        spread = key ^ (key >> 32)
        keys[(spread >> 6) & (HINTS - 1)] |= np.uint64(1 << (spread & 63))
        at = spread & (SPECIAL_SIZE - 1)
        while keys[HINTS + at]:
            at = (at + 1) & (SPECIAL_SIZE - 1)
        keys[HINTS + at] = key
        pieces[at, : len(cut)] = [len(piece) for piece in cut]
    return keys, pieces
