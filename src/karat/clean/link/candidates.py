"""Which pairs of records are worth a comparison: each record's nearest by what they have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.clean.link.profile import features

NEAREST = 12  # cost: fewer miss pairs, more take longer
CHUNK = 2_048  # cost: records in memory at a time
BUDGET = 3_000  # cost: products of the sparse multiplication per record; the commonest features are left out for it


@dataclass(frozen=True)
class Weighted:
    """Texts of both tables as sparse unit vectors over words and letter sequences, the rare ones weighing more."""

    left: Any
    right: Any

    def similarity(self, at: np.ndarray, to: np.ndarray) -> np.ndarray:
        """(p,) cosine in [0, 1] of pairs of records."""
        out = np.zeros(len(at))
        for start in range(0, len(at), CHUNK * 8):
            part = slice(start, start + CHUNK * 8)
            out[part] = np.asarray(self.left[at[part]].multiply(self.right[to[part]]).sum(axis=1)).ravel()
        return out


def weighted(left: Sequence[str], right: Sequence[str] | None) -> Weighted:
    """Vectors of texts, one row each; ``right`` is None within one table.

    Source: Salton & Buckley (1988), term weighting (inverse document frequency, cosine).
    """
    from scipy import sparse

    place: dict[str, int] = {}
    sides = []
    for side in (left, right or ()):
        indices: list[int] = []
        ends = [0]
        for text in side:
            indices.extend(sorted(place.setdefault(f, len(place)) for f in sorted(features(text))))
            ends.append(len(indices))
        sides.append((indices, ends))
    matrices = [
        sparse.csr_matrix((np.ones(len(i)), np.array(i, np.int32), np.array(e, np.int64)), (len(e) - 1, len(place)))
        for i, e in sides
    ]
    records = len(left) + len(right or ())
    often = sum(np.bincount(m.indices, minlength=len(place)) for m in matrices)
    scale = sparse.diags(np.log(records / np.maximum(often, 1)) + 1e-9)
    unit = []
    for matrix in matrices:
        matrix = matrix @ scale  # noqa: PLW2901
        norm = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        unit.append(sparse.csr_matrix(sparse.diags(1 / np.maximum(norm, 1e-9)) @ matrix))
    return Weighted(unit[0], unit[0] if right is None else unit[1])


def nearest(vectors: Weighted, *, within: bool) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of positions: each record of either side with its ``NEAREST`` of the other; ``left < right`` in one table.

    Parameters
    ----------
    within : bool
        Both sides are the same table.
    """
    from scipy import sparse

    a, b = vectors.left, vectors.right
    often = np.bincount(a.indices, minlength=a.shape[1]).astype(np.int64)
    other = np.bincount(b.indices, minlength=a.shape[1]).astype(np.int64)
    order = np.argsort(often * other, kind="stable")
    keep = np.zeros(a.shape[1])
    keep[order[np.cumsum((often * other)[order]) <= BUDGET * (a.shape[0] + b.shape[0])]] = 1
    thin = sparse.diags(keep)
    a, b = sparse.csr_matrix(a @ thin), sparse.csr_matrix(b @ thin)
    pairs = _top(a, b, within) if within else np.concatenate([_top(a, b, within), _top(b, a, within)[:, ::-1]])
    if within:
        pairs = np.sort(pairs, axis=1)
    pairs = np.unique(pairs, axis=0)
    return pairs[:, 0], pairs[:, 1]


def _top(a: Any, b: Any, within: bool) -> np.ndarray:
    """(p, 2) each row of a with the rows of b nearest to it."""
    turned = b.T.tocsr()
    out = []
    for start in range(0, a.shape[0], CHUNK):
        block = (a[start : start + CHUNK] @ turned).tocsr()
        for row in range(block.shape[0]):
            at, value = (part[block.indptr[row] : block.indptr[row + 1]] for part in (block.indices, block.data))
            if within:
                other = at != start + row
                at, value = at[other], value[other]
            if len(at) > NEAREST:
                best = np.argpartition(-value, NEAREST)[:NEAREST]
                at = at[best]
            out.append(np.stack([np.full(len(at), start + row), at], axis=1))
    return np.concatenate(out).astype(np.int64) if out else np.zeros((0, 2), np.int64)
