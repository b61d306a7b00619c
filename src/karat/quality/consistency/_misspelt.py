"""Does a value look like another one with a typing error, more than the column's values look like each other anyway?"""

import unicodedata

import numpy as np

MOST_EDITS, LETTERS_PER_EDIT = 2, 4
TYPED = 0.3  # of wrong cells are typing errors; a fifth to all of them on hospital, facilities and the lakes
MOST_COMPARED = 150  # values, pair by pair


def alike(one: str, other: str) -> bool:
    """Do the texts differ by a typing error or two?"""
    from rapidfuzz.distance import OSA

    most = min(MOST_EDITS, max(len(one), len(other)) // LETTERS_PER_EDIT)
    return most > 0 and OSA.distance(one, other, score_cutoff=most) <= most


def same_writing(one: str, other: str) -> bool:
    """Do the texts differ in case, width and spaces alone?"""
    first, second = ("".join(unicodedata.normalize("NFKC", text).casefold().split()) for text in (one, other))
    return first == second


def typo_weight(usual: list[str]) -> float:
    """Log-likelihood ratio of two texts being alike: by a typing error, against two of the usual values being so."""
    some = usual[:: max(1, len(usual) // MOST_COMPARED)][:MOST_COMPARED]
    pairs = len(some) * (len(some) - 1) / 2
    close = sum(alike(one, other) for at, one in enumerate(some) for other in some[:at])
    return float(max(np.log(TYPED * (pairs + 1) / (close + 1)), 0.0))
