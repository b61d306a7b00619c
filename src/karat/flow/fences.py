"""How many numbers lie beyond wide fences, and how many of our own errors would: shares, not culprits.

Fences point at no cell surely enough to change it, but unlike the checks they still see when a fifth of a column is
wrong: what counts is how many lie beyond them, against how many would if all were.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.degrees import SAMPLE
from karat.core.parsing import parse_numbers
from karat.flow.slips import OF_NUMBERS, SHORT, SLIPS, WEIGHTS, number
from karat.quality.null_words import KNOWN_CODES, NULL_WORDS, WEAK_WORDS

FAR = 3.0  # widths between the quartiles ("far out", Tukey 1977, Exploratory data analysis)
POSITIVE = 0.7  # unproven: of the numbers, for a logarithmic scale to make sense
TRIED = 40  # cost: cells of a column, for each kind of error; more would tell the share that shows more closely


@dataclass(frozen=True)
class Fences:
    """Where the far-out numbers of a column begin.

    Parameters
    ----------
    positive : bool
        They lie on a logarithmic scale: a number below zero is beyond them, zero is not.
    """

    low: float
    high: float
    positive: bool

    def beyond(self, numbers: np.ndarray) -> np.ndarray:
        """(n,) bool; NaN is not beyond."""
        with np.errstate(invalid="ignore"):
            below = (numbers < 0) | ((numbers > 0) & (numbers < self.low)) if self.positive else numbers < self.low
            return below | (numbers > self.high)

    @classmethod
    def around(cls, numbers: np.ndarray) -> "Fences | None":
        """Fences on the scale, linear or logarithmic, on which fewer lie beyond; None without a spread.

        Parameters
        ----------
        numbers : ndarray of float64, shape (n,), finite
        """
        ways = []
        if len(numbers) >= SAMPLE:
            above_zero = numbers[numbers > 0]
            ways.append(_ends(numbers, positive=False))
            if len(above_zero) > POSITIVE * len(numbers):
                ways.append(_ends(above_zero, positive=True))
        fences = [way for way in ways if way is not None]
        return min(fences, key=lambda way: int(way.beyond(numbers).sum()), default=None)


def _ends(numbers: np.ndarray, *, positive: bool) -> Fences | None:
    scaled = np.log(numbers) if positive else numbers
    lower, upper = np.quantile(scaled, [0.25, 0.75])
    wide = FAR * (upper - lower)
    if wide <= 0:
        return None
    ends = np.array([lower - wide, upper + wide])
    with np.errstate(over="ignore"):
        low, high = np.exp(ends) if positive else ends
    return Fences(float(low), float(high), positive)


def fenced(block: Block, name: str, chance: np.random.Generator) -> tuple[int, float, float] | None:
    """Of a column of numbers: cells beyond, share of our own errors that lie there, and how open it is to errors.

    A word in a column of numbers is beyond them too, unless it means that nothing is known. None where no fences stand.
    """
    numbers, texts = block.numbers(name), block.text(name)
    fences = Fences.around(numbers[np.isfinite(numbers)])
    if fences is None:
        return None
    beyond = fences.beyond(numbers) & ~np.isin(numbers, list(KNOWN_CODES))
    odd = np.array([_word(text) for text in texts.filter(pa.array(np.isnan(numbers))).to_pylist()], bool)
    at = np.flatnonzero(np.isfinite(numbers))
    at = chance.choice(at, min(TRIED, len(at)), replace=False)
    real = total = caught = 0.0
    for kind, slips in _errors(block, name, at, chance):
        weight, column = WEIGHTS[kind] * len(slips) / len(at), block.schema[name]
        after = parse_numbers(pa.array(slips, pa.string()), column)
        words = sum(_word(text) for text, value in zip(slips, after, strict=True) if np.isnan(value))
        caught += weight * (fences.beyond(after).sum() + words) / max(1, len(slips))
        real, total = real + weight, total + WEIGHTS[kind]
    return int(beyond.sum() + odd.sum()), caught / max(real, 1e-9), real / total


def _errors(block: Block, name: str, at: np.ndarray, chance: np.random.Generator) -> Iterator[tuple[str, list[str]]]:
    """Of each kind, wrong values of some records (k,)."""
    before = block.text(name).take(pa.array(at)).to_pylist()
    names = block.memo("columns of text", lambda: [c.name for c in block.schema if c.type != "binary"])
    for kind in OF_NUMBERS:
        if kind == "moved":
            after = [block.text(names[int(chance.integers(len(names)))])[int(i)].as_py() for i in at]
        elif kind == "exchanged":
            after = [before[int(chance.integers(len(before)))] for _ in before]
        else:
            long = [text for text in before if len(text) >= SHORT and number(text) is not None]
            before_long, after = long, [SLIPS[kind](text, chance) for text in long]
            yield kind, [a for a, b in zip(after, before_long, strict=True) if a and a != b]
            continue
        yield kind, [a for a, b in zip(after, before, strict=True) if a and a != b]


def _word(text: str | None) -> bool:
    """A text without a digit that does not mean that nothing is known."""
    if text is None or text.strip().lower() in NULL_WORDS | WEAK_WORDS:
        return False
    return not any(letter.isdigit() for letter in text)
