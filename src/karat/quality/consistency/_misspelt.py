"""Does a value look like another one with a typing error, more than the column's values look like each other anyway?"""

import unicodedata

import numpy as np

# MOST_EDITS flat from 1 to 4; LETTERS_PER_EDIT flat from 2 to 8 (benchmarks/constants.md): more take other words for
# slips
MOST_EDITS, LETTERS_PER_EDIT = 2, 4
# flat from 0.176 to 0.462 (benchmarks/constants.md): of wrong cells are typing errors; a fifth to all on hospital,
# facilities and the lakes
TYPED = 0.3
MOST_COMPARED = 100  # values, pair by pair; cost: beyond, every n-th


def edits(left: str, right: str) -> int:
    """By how many typing errors the texts differ; 0 where they are equal or differ by more than a typist would."""
    from rapidfuzz.distance import OSA

    most = min(MOST_EDITS, max(len(left), len(right)) // LETTERS_PER_EDIT)
    apart: int = OSA.distance(left, right, score_cutoff=most)
    return apart if apart <= most else 0


def same_writing(left: str, right: str) -> bool:
    """Do the texts differ in case, width and spaces alone?"""
    first, second = ("".join(unicodedata.normalize("NFKC", text).casefold().split()) for text in (left, right))
    return first == second


def typo_weights(usual: list[str]) -> np.ndarray:
    """Per number of edits the log-likelihood ratio of texts so far apart: by a typing error, against usual values."""
    some = usual[:: max(1, len(usual) // MOST_COMPARED)][:MOST_COMPARED]
    apart = [edits(left, right) for at, left in enumerate(some) for right in some[:at]]
    close = np.cumsum(
        np.bincount(np.array(apart, np.int64), minlength=MOST_EDITS + 1) * (np.arange(MOST_EDITS + 1) > 0)
    )
    return np.maximum(np.log(TYPED * (len(apart) + 1) / (close + 1)), 0.0) * (np.arange(MOST_EDITS + 1) > 0)
