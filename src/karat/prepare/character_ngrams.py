"""Text as weighted runs of characters."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from karat.core.block import Block
from karat.core.schema import Role
from karat.core.unit import Transform
from karat.prepare import onnx_columns
from karat.prepare.columns import Positions
from karat.prepare.grams import PRIVATE_SIZE, PRIVATE_START, Grams, codes_of, fold, grams, ideographic, spelled

# Unicode: where letters have other forms; code points
FOLDED_PLANES = (range(0xD800), range(0xE000, 0x32400), range(0xE0000, 0xE0200))
# Unicode, likewise
PLAIN_PLANES = (range(0x32400, 0xE0000), range(0xE0200, 0x110000))  # without letters: nothing there has another form


@dataclass(frozen=True)
class CharacterNgrams(Transform):
    """A text column as TF-IDF of its character runs, each record of length 1.

    Works for Chinese, English and mixtures without a tokeniser. Letter case, width of letters and kinds of white
    space are folded; only the first 2,000 characters are read. Weight of a run: ``(1 + ln count) * idf`` with
    ``idf = 1 + ln((1 + n) / (1 + records with it))``, from the training records alone.
    Source: Salton & Buckley (1988); Cavnar & Trenkle (1994) for runs of characters.

    Parameters
    ----------
    column : str
        A column of texts.
    most : int
        Length of the longest runs in characters, 1 to 4; 0: 3 where the text is Chinese, Japanese or Korean, where
        a character says more, else 4.
    min_records : int
        Training records a run must occur in; 0: 1 for runs up to 3 characters, else 2.
    max_features : int
        Most runs kept, by training records, then by code.
    """

    roles: ClassVar[frozenset[Role]] = frozenset({Role.TEXT})
    ways: ClassVar[frozenset[str]] = frozenset({"linear"})

    column: str
    most: int = 0
    min_records: int = 0
    max_features: int = 200_000

    def read(self, block: Block) -> None:
        grams(block, self.column, (1, self.longest(block)))

    def fit(self, train: Block, positions: Positions = None) -> "FittedNgrams":
        """The runs of the training records, and how rare each is."""
        most = self.longest(train)
        counted = grams(train, self.column, (1, most))
        n = len(counted) if positions is None else len(positions)
        _, indices, _ = _rows(counted, positions)
        within = np.bincount(indices, minlength=len(counted.keys))
        kept = np.flatnonzero(within >= (self.min_records or (1 if most <= 3 else 2)))
        if len(kept) > self.max_features:
            kept = np.sort(kept[np.argsort(-within[kept], kind="stable")[: self.max_features]])
        idf = (1 + np.log((1 + n) / (1 + within[kept]))).astype(np.float32)
        return FittedNgrams(self.column, most, counted.keys[kept], idf)

    def longest(self, block: Block) -> int:
        """The length of the longest runs, for this block."""
        return self.most or (3 if ideographic(block, self.column) else 4)


def _rows(counted: Grams, positions: Positions) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """CSR of the records at the positions."""
    if positions is None:
        return counted.indptr, counted.indices, counted.counts
    sizes = (counted.indptr[1:] - counted.indptr[:-1])[positions]
    indptr = np.concatenate([[0], np.cumsum(sizes)])
    at = np.arange(indptr[-1]) + np.repeat(counted.indptr[:-1][positions] - indptr[:-1], sizes)
    return indptr, counted.indices[at], counted.counts[at]


@dataclass(frozen=True)
class FittedNgrams:
    """The runs known, by rising key (uint64), and their inverse document frequencies (float32)."""

    to_onnx = staticmethod(onnx_columns.texts)
    sparse: ClassVar[bool] = True

    column: str
    most: int
    keys: np.ndarray
    idf: np.ndarray

    @property
    def width(self) -> int:
        """Number of features."""
        return len(self.keys)

    @property
    def names(self) -> tuple[str, ...]:
        """``column:run``."""
        return tuple(f"{self.column}:{spelled(key)}" for key in self.keys)

    def apply(self, block: Block, positions: Positions = None) -> Any:
        """Features (n, runs), CSR of float32, rows of Euclidean length 1, or 0 where no run is known."""
        from scipy.sparse import csr_matrix

        counted = grams(block, self.column, (1, self.most))
        indptr, indices, counts = _rows(counted, positions)
        slot = _slots(counted.keys, self.keys)[indices]
        known = slot >= 0
        ends = np.concatenate([[0], np.cumsum(known)])[indptr]
        slot = slot[known]
        weight = (1 + np.log(counts[known].astype(np.float32))) * self.idf[slot]
        record = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
        length = np.sqrt(np.bincount(record, weight.astype(np.float64) ** 2, len(ends) - 1))
        weight = (weight / length[record]).astype(np.float32)
        return csr_matrix((weight, slot, ends.astype(np.int32)), (len(ends) - 1, len(self.keys)))

    def runs(self) -> list[tuple[int, ...]]:
        """The character codes of each run."""
        return [codes_of(key) for key in self.keys]

    def alphabet(self) -> dict[str, int]:
        """Every character that folds to a code of the known runs, with its code: what an exported graph looks up."""
        used = {code for run in self.runs() for code in run}
        folded = ((point, fold(point)) for plane in FOLDED_PLANES for point in plane)
        out = {chr(point): code for point, code in folded if code in used}
        for plane in PLAIN_PLANES:
            codes = PRIVATE_START + np.arange(plane.start, plane.stop) % PRIVATE_SIZE
            for at in np.flatnonzero(np.isin(codes, sorted(used))):
                out[chr(plane.start + int(at))] = int(codes[at])
        return out


def _slots(all_keys: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Place of each of ``all_keys`` in ``kept``, -1 where it is not; both rising."""
    if not len(kept):
        return np.full(len(all_keys), -1, np.int32)
    at = np.minimum(np.searchsorted(kept, all_keys), len(kept) - 1)
    return np.where(kept[at] == all_keys, at, -1).astype(np.int32)
