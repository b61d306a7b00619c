"""Whether two records that differ in a cell or two are one thing or two things that belong together.

Members of a household, days of a panel and repeated measurements also agree in nearly everything. They differ as any
two records do, in whole words and numbers, and now and then by one letter; copies differ by a letter alone. So the
pairs that differ in the same columns by more than a letter tell how many by a letter are to be expected.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from karat.core.block import Block
from karat.core.schema import Meaning, Role
from karat.quality.consistency._near_pairs import NearPairs

RARE_COUNT = 2  # unproven: values that occur more often are no slips
LETTERS_PER_SLIP = 10  # Damerau (1964): four of five misspelt words hold a single slip
DIGITS = re.compile(r"[\d\W_]+")  # numbers, times, codes without a letter
DRAWN = 2000  # random pairs of records in which the values of a column are compared; cost: more narrow the estimate
UNSEEN = 0.5  # Jeffreys (1946): half a pair is expected where none was seen
LEAST_LUCK = 0.1  # flat from 0.0526 to 0.182 (benchmarks/constants.md): no pair is ever believed entirely
# two persons, two days, or columns in which most such pairs differ by more than a letter; flat
# from 0.538 to 0.824 (benchmarks/constants.md)
RELATED = 0.7
# BELIEVED flat from 0.818 to 0.947; NO_SLIP flat from 0.111 to 0.333 (benchmarks/constants.md): at most, of a pair
# that differs by slips, and by more
BELIEVED, NO_SLIP = 0.9, 0.2


@dataclass(frozen=True)
class Differing:
    """A column in which two records differ: both texts, and how often the rarer and the commoner one occur."""

    column: str
    first: str | None
    second: str | None
    rarer: int
    commoner: int

    @property
    def blank(self) -> bool:
        """Is one of them left out?"""
        return self.first is None or self.second is None

    def slip(self) -> bool:
        """Could one be the other with a slip, or left out? Two usual words are two words."""
        return self.blank or (self.rarer <= RARE_COUNT and _close(str(self.first), str(self.second)))

    def misspelt(self) -> bool:
        """Is it a rare word a letter away from a usual one?"""
        words = not self.blank and not (DIGITS.fullmatch(str(self.first)) and DIGITS.fullmatch(str(self.second)))
        return words and self.rarer <= RARE_COUNT < self.commoner


def _close(first: str, second: str) -> bool:
    from rapidfuzz.distance import OSA

    return bool(OSA.distance(first, second) <= 1 + max(len(first), len(second)) // LETTERS_PER_SLIP)


class NearEvidence:
    """The pairs of records of a table that nearly agree, weighed by what the others show.

    Parameters
    ----------
    block : Block
        The records compared.
    names : sequence of str
        The columns compared.
    near : Near
        The pairs.
    """

    def __init__(self, block: Block, names: Sequence[str], near: NearPairs) -> None:
        self.block, self.names = block, tuple(names)
        at, to = np.searchsorted(block.rows, near.earlier), np.searchsorted(block.rows, near.later)
        codes = np.stack([block.encoded(name)[0] for name in self.names])
        self._counts = {name: np.bincount(c[c >= 0]) for name, c in zip(self.names, codes, strict=True)}
        apart = codes[:, at] != codes[:, to]
        self.cells = [
            tuple(self._differing(int(column), int(a), int(b), codes) for column in np.flatnonzero(apart[:, where]))
            for where, (a, b) in enumerate(zip(at, to, strict=True))
        ]
        self.slips = [bool(cells) and all(cell.slip() for cell in cells) for cells in self.cells]
        kinds = [tuple(cell.column for cell in cells) for cells in self.cells]
        self._seen = Counter(kinds)
        self._slipped = Counter(kind for kind, slip in zip(kinds, self.slips, strict=True) if slip)
        self._shares: dict[str, float] = {}
        self._by_chance = near.by_chance[near.slips]

    def _differing(self, column: int, earlier: int, later: int, codes: np.ndarray) -> Differing:
        name = self.names[column]
        values, counts = self.block.encoded(name)[1], self._counts[name]
        pair = [int(codes[column, earlier]), int(codes[column, later])]
        often = sorted(int(counts[code]) for code in pair if code >= 0)
        texts = [values[code] if code >= 0 else None for code in pair]
        return Differing(name, texts[0], texts[1], often[0], often[-1])

    def likely(self, at: int) -> float:
        """How likely it is that a pair is one record twice, in [0, 1]."""
        cells = self.cells[at]
        if not cells:
            return 0.0
        return BELIEVED * (1 - self._luck(cells)) if self.slips[at] else NO_SLIP * float(1 - self._by_chance[at])

    def _luck(self, cells: tuple[Differing, ...]) -> float:
        """How likely two records that are two things differ like this."""
        kind = tuple(cell.column for cell in cells)
        slipped = self._slipped[kind]
        others = self._seen[kind] - slipped
        share = float(np.prod([self._share(name) for name in kind]))
        luck = min(1.0, max(LEAST_LUCK, (others + UNSEEN) * share / (1 - share) / slipped))
        columns = [self.block.schema[cell.column] for cell in cells if not cell.misspelt()]
        apart = any(c.role is Role.TIME or {Meaning.DATE, Meaning.PERSON} & set(c.meanings[:1]) for c in columns)
        return max(luck, RELATED) if apart or others >= slipped else luck

    def _share(self, name: str) -> float:
        """The share of random pairs of records with two values in a column whose values are a slip apart."""
        if name not in self._shares:
            codes, values = self.block.encoded(name)
            draw = np.random.default_rng(0).integers(0, len(codes), (DRAWN, 2))
            pairs = codes[draw][codes[draw[:, 0]] != codes[draw[:, 1]]]
            slips = sum(self._slip(name, values, int(a), int(b)) for a, b in pairs)
            self._shares[name] = (slips + UNSEEN) / (len(pairs) + 1)
        return self._shares[name]

    def _slip(self, name: str, values: list[str], code: int, other_code: int) -> bool:
        if code < 0 or other_code < 0:
            return True
        return bool(
            min(self._counts[name][[code, other_code]]) <= RARE_COUNT and _close(values[code], values[other_code])
        )
