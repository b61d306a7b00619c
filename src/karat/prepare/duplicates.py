"""Which records must stay on one side of a split: repeats of one input, and records of one group."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.schema import Role


def tied_records(block: Block) -> np.ndarray:
    """Number of the cluster each record belongs to (n,) int64.

    Two records are tied when all their feature columns agree (letter case, width and white space aside) or when they
    share a value of a group column, or their pictures show the same; ties carry over.
    """
    ties = [_same_features(block)]
    if any(column.type == "binary" for column in block.schema.with_role(Role.IMAGE)):
        ties.append(_same_pictures(block))
    for column in block.schema.with_role(Role.GROUP):
        codes, values = block.encoded(column.name)
        alone = len(values) + np.arange(len(codes))
        ties.append(np.where(block.missing(column.name) | (codes < 0), alone, codes))
    return _merged(ties)


def _same_features(block: Block) -> np.ndarray:
    n = len(block)
    key, blank = np.zeros(n, np.int64), np.ones(n, bool)
    for column in block.schema.features:
        if column.type == "binary":
            continue
        codes = _light_codes(block, column.name)
        blank &= codes == 0
        _, key = np.unique(key * (codes.max(initial=0) + 1) + codes, return_inverse=True)
        if key.max(initial=0) == n - 1:
            return key  # all differ: no further column can tie two of them
    # Records that say nothing are not repeats of each other.
    return np.where(blank, n + np.arange(n), key)


def _same_pictures(block: Block) -> np.ndarray:
    """Clusters of pictures that show the same, exactly or nearly (n,) int64."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    from karat.quality.consistency.picture_pairs import near, same
    from karat.quality.pictures import PictureFigures

    pictures = PictureFigures.of(block)
    n, first, pairs = len(block), same(pictures), near(pictures)
    left = np.concatenate([np.flatnonzero(first >= 0), pairs.earlier])
    right = np.concatenate([first[first >= 0], pairs.later])
    edges = coo_matrix((np.ones(len(left), np.int8), (left, right)), (n, n))
    return np.asarray(connected_components(edges, directed=False)[1], np.int64)


def _light_codes(block: Block, column: str) -> np.ndarray:
    """A code (n,) int64 for each text after light folding, 0 for missing."""
    codes, values = block.encoded(column)
    light = pc.utf8_lower(pc.utf8_normalize(pa.array(values, pa.string()), "NFKC"))
    light = pc.utf8_trim_whitespace(pc.replace_substring_regex(light, r"\s+", " "))
    table = np.append(light.dictionary_encode().indices.to_numpy(zero_copy_only=False) + 1, 0)
    return np.where(block.missing(column), 0, table[codes]).astype(np.int64)


def _merged(ties: list[np.ndarray]) -> np.ndarray:
    if len(ties) == 1:
        return np.unique(ties[0], return_inverse=True)[1]
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n, start, left, right = len(ties[0]), len(ties[0]), [], []
    for tie in ties:
        _, cluster = np.unique(tie, return_inverse=True)
        left.append(np.arange(n))
        right.append(start + cluster)
        start += int(cluster.max(initial=-1)) + 1
    edges = (np.ones(n * len(ties), np.int8), (np.concatenate(left), np.concatenate(right)))
    labels = connected_components(coo_matrix(edges, (start, start)), directed=False)[1][:n]
    return np.unique(labels, return_inverse=True)[1]
