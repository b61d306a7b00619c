"""The patterns of codes: which letters, digits and marks follow each other, and digits put into another's pattern."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

HABIT = 0.02  # a pattern of so many cells is one of the column's own
RARE = 0.004
COVERED = 0.975


def patterns(texts: pa.Array) -> list[str]:
    """Each text with runs of digits as 9, of Chinese signs as 字 and of other letters as a."""
    out = pc.replace_substring_regex(texts, r"\p{Nd}+", "9")
    out = pc.replace_substring_regex(out, r"\p{Han}+", "字")
    return pc.replace_substring_regex(out, r"[\p{Lu}\p{Ll}\p{Lt}\p{Lm}]+", "a").to_pylist()


def exact(text: str) -> str:
    """The text with every digit as 9."""
    return "".join("9" if ch.isdigit() else ch for ch in text)


@dataclass(frozen=True)
class Patterns:
    """A column's own patterns.

    Parameters
    ----------
    share : dict of str to float
        Pattern to its share of the cells.
    common : str
        The commonest pattern with every digit, "" where no one holds 80 % of the cells.
    digits : int
        Digits in ``common``.
    """

    share: dict[str, float]
    common: str
    digits: int

    @property
    def main(self) -> str:
        """The commonest pattern."""
        return min(self.share, key=lambda name: (-self.share[name], name))

    @property
    def main_expression(self) -> str:
        """The commonest pattern as a regular expression for whole texts."""
        parts = {"9": r"\p{Nd}+", "字": r"\p{Han}+", "a": r"[\p{Lu}\p{Ll}\p{Lt}\p{Lm}]+"}
        return "^" + "".join(parts.get(ch) or re.escape(ch) for ch in self.main) + "$"

    def odd(self, pattern: str) -> float:
        """How sure it is, in [0, 1], that a pattern is a slip; 0 when it is not odd."""
        share, main = self.share.get(pattern, 0.0), self.share[self.main]
        if share >= HABIT or pattern == self.main:
            return 0.0
        if main >= 0.95:
            return 0.75 if share < 0.01 else 0.55
        return 0.6 if share < RARE and len(self.share) <= 8 else 0.0

    def rewrite(self, text: str) -> str | None:
        """The text's digits in the commonest pattern; None when it holds letters or another number of digits."""
        digits = [ch for ch in text if ch.isdigit()]
        if not self.common or len(digits) != self.digits or any(ch.isalpha() for ch in text):
            return None
        left = iter(digits)
        return "".join(next(left) if ch == "9" else ch for ch in self.common)


def patterns_of(texts: pa.Array, counts: np.ndarray) -> Patterns | None:
    """The patterns of a column of codes; None when it holds words, or too many patterns to speak of a rule."""
    total = int(counts.sum())
    shares: Counter[str] = Counter()
    for name, n in zip(patterns(texts), counts.tolist(), strict=True):
        shares[name] += n
    with_digits = sum(n for name, n in shares.items() if "9" in name)
    own = sum(n for n in shares.values() if n >= HABIT * total)
    if total < 50 or with_digits < 0.9 * total or own < COVERED * total:
        return None
    exacts: Counter[str] = Counter()
    for text, n in zip(texts.to_pylist(), counts.tolist(), strict=True):
        exacts[exact(text)] += n
    common, n = min(exacts.items(), key=lambda item: (-item[1], item[0]))
    common = common if n >= 0.8 * total and not any(ch.isalpha() for ch in common) else ""
    return Patterns({name: n / total for name, n in shares.items()}, common, common.count("9"))
