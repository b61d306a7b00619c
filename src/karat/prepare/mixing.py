"""In which order documents are read: sources mixed by weight, some of them several times, shuffled by a seed."""

from collections.abc import Mapping, Sequence

import numpy as np

from karat.core.errors import OptionError


def mixed(
    sources: Sequence[str],
    lengths: np.ndarray,
    *,
    weights: Mapping[str, float] | None = None,
    epochs: float = 1.0,
    seed: int = 0,
) -> np.ndarray:
    """(m,) int64: positions of documents in reading order; one that is read again stands there again.

    Parameters
    ----------
    sources : sequence of str, length n
        Where each document comes from.
    lengths : ndarray of int, shape (n,)
        Tokens of each document.
    weights : mapping, optional
        Source to the share of tokens it shall have; shares are taken relative to their sum, a source without one is
        left out. None: every source as large as it is.
    epochs : float
        How often a source is read at most. The total is as large as this allows the scarcest source; without weights
        everything is read so often. Whole rounds are read in full, a part of a round is drawn.

    Raises
    ------
    OptionError
        A weight for a source that is not there, or weights and epochs not above 0.
    """
    if epochs <= 0 or any(weight < 0 for weight in (weights or {}).values()):
        raise OptionError(
            f"[prepare] has epochs {epochs} and weights {weights}", "Use epochs above 0 and weights of 0 or more"
        )
    names, codes = np.unique(np.array(sources, dtype=object).astype(str), return_inverse=True)
    lengths = np.asarray(lengths, np.int64)
    sizes = np.bincount(codes, lengths, len(names))
    for name in sorted(set(weights or {}) - set(names.tolist())):
        raise OptionError.unknown("source", name, names.tolist(), "[prepare] weights")
    wanted = _tokens_wanted(names.tolist(), sizes, weights, epochs)
    random = np.random.default_rng(seed)
    parts = [_rounds(np.flatnonzero(codes == at), lengths, wanted[at], random) for at in range(len(names))]
    return random.permutation(np.concatenate([np.zeros(0, np.int64), *parts]))


def _tokens_wanted(
    names: Sequence[str], sizes: np.ndarray, weights: Mapping[str, float] | None, epochs: float
) -> np.ndarray:
    """(sources,) float64: tokens to read of each."""
    if not weights:
        return sizes * epochs
    share = np.array([weights.get(name, 0.0) for name in names])
    if not share.sum() > 0:
        raise OptionError("[prepare] weights are all 0", "Give at least one above 0")
    share = share / share.sum()
    used = share > 0
    total = float((sizes[used] * epochs / share[used]).min())
    return np.asarray(total * share)


def _rounds(at: np.ndarray, lengths: np.ndarray, wanted: float, random: np.random.Generator) -> np.ndarray:
    """Documents of one source up to a number of tokens: each as often as every other, but for the last round."""
    size = int(lengths[at].sum())
    if not size:
        return at[:0]
    whole = int(wanted / size + 1e-9)
    drawn = random.permutation(at)
    rest = int(np.searchsorted(np.cumsum(lengths[drawn]), wanted - whole * size + 0.5))
    return np.concatenate([np.repeat(at, whole), drawn[:rest]])
