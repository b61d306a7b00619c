"""Scores of languages: a walk over the bytes of a text, then a sum over the features met."""

import numba
import numpy as np

MOST_FEATURES = 8_192  # cost: of one text; what comes later in a long text adds nothing new


@numba.njit(nogil=True, cache=True, fastmath=False)
def scores(  # noqa: C901  one pass
    data: np.ndarray,
    offsets: np.ndarray,
    moves: np.ndarray,
    rows: np.ndarray,
    features: np.ndarray,
    weights: np.ndarray,
    priors: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Log-scores of every class for every text, and how many of its letters no Polynesian language has.

    A feature counts with the logarithm of one plus how often it occurs. Source: Lui and Baldwin (2012), langid.py.

    Parameters
    ----------
    data : ndarray of uint8
        Texts in UTF-8, one after the other.
    offsets : ndarray of int32 or int64, shape (n + 1,)
    moves : ndarray of uint32, shape (r * 256,)
        The next state by row and byte.
    rows : ndarray of uint16, shape (s,)
        The row of each state.
    features : ndarray of int32, shape (s,)
        The feature that is met in a state, -1 for none.
    weights : ndarray of float32, shape (f, k)
    priors : ndarray of float32, shape (k,)

    Returns
    -------
    scores : ndarray of float32, shape (n, k)
    letters : ndarray of int32, shape (n, 2)
        Plain Latin letters, and those among them that are b, c, d, f, j, l, q, s, v, x, y or z.
    """
    n, k = len(offsets) - 1, weights.shape[1]
    out = np.empty((n, k), np.float32)
    letters = np.zeros((n, 2), np.int32)
    absent = np.zeros(256, np.bool_)
    for letter in b"bcdfjlqsvxyzBCDFJLQSVXYZ":
        absent[letter] = True
    counts = np.zeros(weights.shape[0], np.int32)
    met = np.empty(MOST_FEATURES, np.int32)
    for at in range(n):
        state, kinds = 0, 0
        for place in range(offsets[at], offsets[at + 1]):
            byte = data[place]
            lower = byte | 32
            if 97 <= lower <= 122:
                letters[at, 0] += 1
                if absent[byte]:
                    letters[at, 1] += 1
            state = moves[(np.int64(rows[state]) << 8) + byte]
            feature = features[state]
            if feature >= 0:
                if counts[feature] == 0:
                    if kinds == MOST_FEATURES:
                        continue
                    met[kinds] = feature
                    kinds += 1
                counts[feature] += 1
        row = out[at]
        row[:] = 0.0
        for which in range(kinds):
            feature = met[which]
            factor = np.float32(np.log1p(counts[feature]))
            counts[feature] = 0
            for column in range(k):
                row[column] += factor * weights[feature, column]
        for column in range(k):
            row[column] += priors[column]
    return out, letters
