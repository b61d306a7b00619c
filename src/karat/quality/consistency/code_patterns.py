"""The patterns of codes: which letters, digits and marks follow each other, and digits put into another's pattern."""

import re
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.degrees import REPEATEDLY

# a pattern of so many cells is one of the column's own; 0.0101 does as well, 0.0392 worse (benchmarks/constants.md)
HABIT = 0.02
COVERED = 0.975  # unproven: of the cells have such a pattern; else the column holds no codes
MEANT = frozenset("<>≤≥=≠±~≈^%‰$€£¥&|!*?")  # signs that say something: never a matter of writing
# share of the commonest pattern from which others can be rewritten in it; flat
# from 0.739 to 0.919 (benchmarks/constants.md)
CLEAR = 0.85


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
    affixes : frozenset of (str, str)
        What stands before and behind the commonest pattern in cells that are otherwise written like it.
    """

    share: dict[str, float]
    common: str
    digits: int
    affixes: frozenset[tuple[str, str]] = frozenset()

    @property
    def main(self) -> str:
        """The commonest pattern."""
        return min(self.share, key=lambda name: (-self.share[name], name))

    @property
    def main_expression(self) -> str:
        """The commonest pattern as a regular expression for whole texts."""
        parts = {"9": r"\p{Nd}+", "字": r"\p{Han}+", "a": r"[\p{Lu}\p{Ll}\p{Lt}\p{Lm}]+"}
        return "^" + "".join(parts.get(ch) or re.escape(ch) for ch in self.main) + "$"

    def _is_main(self, text: str) -> bool:
        return bool(pc.match_substring_regex(pa.scalar(text), self.main_expression).as_py())

    def rewrite(self, text: str) -> str | None:
        """The text's digits in the commonest pattern; None when it holds letters or another number of digits."""
        if self.share[self.main] < CLEAR or MEANT & set(text) or text.startswith(("-", "−")):
            return None
        bare = _bare(text)
        if bare and (bare[0], bare[2]) in self.affixes and self._is_main(bare[1]):
            return bare[1]
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
    habits = Patterns({name: n / total for name, n in shares.items()}, common, common.count("9"))
    return replace(habits, affixes=_affixes(texts, counts, habits.main_expression))


def _bare(text: str) -> tuple[str, str, str] | None:
    """A text as what stands before its first digit, what lies between, and what stands behind its last."""
    at = [place for place, ch in enumerate(text) if ch.isdigit()]
    if not at or (at[0] == 0 and at[-1] == len(text) - 1):
        return None
    return text[: at[0]], text[at[0] : at[-1] + 1], text[at[-1] + 1 :]


def _affixes(texts: pa.Array, counts: np.ndarray, expression: str) -> frozenset[tuple[str, str]]:
    """What is written around the commonest pattern again and again, and seldom otherwise."""
    others = np.flatnonzero(~pc.match_substring_regex(texts, expression).to_numpy(zero_copy_only=False))
    cells = zip(map(_bare, texts.take(pa.array(others)).to_pylist()), counts[others].tolist(), strict=True)
    bare = [(parts, n) for parts, n in cells if parts]
    fits = pc.match_substring_regex(pa.array([middle for (_, middle, _), _ in bare], pa.string()), expression)
    seen: Counter[tuple[str, str]] = Counter()
    for ((before, _, behind), n), fit in zip(bare, fits.to_pylist(), strict=True):
        if fit:
            seen[before, behind] += n
    many = {affix for affix, n in seen.items() if n >= REPEATEDLY}
    # letters that change from cell to cell (12 A, 12 B) are part of the code
    return frozenset(many) if len(many) <= 2 and sum(seen[a] for a in many) >= 0.8 * seen.total() else frozenset()
