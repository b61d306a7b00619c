"""How each column of two tables is best compared, chosen from the data."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from karat.core.block import Block
from karat.core.schema import Meaning, Role

NUMBER = re.compile(r"[^\d+\-]?\s?([+-]?\d[\d,]*(?:\.\d+)?)\s?[^\d]?$")
WORD = re.compile(r"[^\W_]+(?:[-./'][^\W_]+)*")
CJK = re.compile(r"[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]")
# flat from 12 to 50 (benchmarks/constants.md): letters of the usual cell, from which on words are compared,
# not letters
LONG_CHARS = 25
LONG_WORDS = 3.5  # flat from 1.75 to 7 (benchmarks/constants.md): words, likewise
GIVEN_TO_ONE = frozenset({Meaning.IDENTIFIER, Meaning.GUID})


@dataclass(frozen=True)
class Compared:
    """One column of both tables, ready to compare.

    Parameters
    ----------
    kind : str
        "short" (edit distance), "long" (weighted words and letters) or "number" (ratio).
    left, right : list of str
        Normalised texts, "" where missing.
    own : bool
        Its values are numbers given to one thing each, as far as its role and meaning tell.
    """

    name: str
    kind: str
    left: list[str]
    right: list[str]
    own: bool = False


def columns(left: Block, right: Block) -> list[Compared]:
    """The columns both tables have and that tell records apart, each with the way to compare it."""
    usable = [c.name for c in left.schema if c.type != "binary" and c.role is not Role.IGNORE]
    shared = [name for name in usable if name in right.schema]
    out = []
    for name in shared:
        a, b = texts(left, name), texts(right, name)
        if not _running(a, b) and len({*a, *b} - {""}) >= 2:
            column = left.schema[name]
            own = column.role in (Role.ID, Role.GROUP) or bool(GIVEN_TO_ONE & set(column.meanings[:1]))
            out.append(Compared(name, _kind([*a, *b]), a, b, own))
    return out


def texts(block: Block, name: str) -> list[str]:
    """A column's cells: width, case and white space made the same; "" where missing."""
    codes, values = block.encoded(name)
    plain = [*(" ".join(unicodedata.normalize("NFKC", value).lower().split()) for value in values), ""]
    gone = block.missing(name)
    return [plain[-1 if out else code] for code, out in zip(codes.tolist(), gone.tolist(), strict=True)]


def _running(*sides: Sequence[str]) -> bool:
    """Is it a running number in both tables? It says where a record stands, not what it is."""
    for side in sides:
        if len(side) < 3 or not all(re.fullmatch(r"\d{1,18}", value) for value in side):
            return False
        steps = np.diff(np.array([int(value) for value in side]))
        if steps[0] == 0 or (steps != steps[0]).any():
            return False
    return True


def _kind(values: list[str]) -> str:
    full = [value for value in values if value]
    fraction = sum(bool(NUMBER.match(value)) and len(re.sub(r"\D", "", value)) <= 9 for value in full) / len(full)
    if fraction >= 0.95 and sum("." in value for value in full) >= 0.02 * len(full):
        return "number"
    letters = float(np.mean([len(value) for value in full]))
    words = float(np.mean([len(WORD.findall(value)) for value in full]))
    return "long" if letters >= LONG_CHARS or words >= LONG_WORDS else "short"


def number(text: str) -> float:
    """A number in a text with at most a sign of currency or unit around it; NaN when it is none."""
    match = NUMBER.match(text)
    return float(match.group(1).replace(",", "")) if match else float("nan")


def features(text: str) -> set[str]:
    """Words, words with their joints removed, and letter sequences of a text.

    Three letters each, two where Chinese, Japanese or Korean; a model number written with and without hyphens has
    them in common.
    """
    out: set[str] = set()
    for word in WORD.findall(text):
        parts = re.split(r"[-./']", word)
        joined = "".join(parts)
        out.update(f"w{part}" for part in (joined, *parts))
        size = 2 if CJK.search(joined) else 3
        edged = f"^{joined}$"
        out.update(f"g{edged[at : at + size]}" for at in range(len(edged) - size + 1))
    return out
