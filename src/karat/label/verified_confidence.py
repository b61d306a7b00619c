"""What may be said of the confidence of labels: measured on known answers, or not verified."""

import numpy as np

from karat.label.choosing import ENOUGH_GOLD, Contender

NORMAL = 1.96  # definition: the 95 % point of the normal distribution
CLOSE = 0.10  # definition: how far stated and measured may differ


def verified(best: Contender, what: str = "items") -> str:
    """A clause: measured, and whether the confidence agrees; or that nothing verifies it.

    Parameters
    ----------
    best : Contender
        With its answers to known items that it was not told.
    what : str
        What a known answer is about, in the plural.
    """
    count = len(best.right)
    if not count:
        return f"not verified: fewer than {ENOUGH_GOLD} known answers; give some with --gold"
    right = float(best.right.mean())
    low, high = wilson(right, count)
    measured = (
        f"right on {int(best.right.sum())} of {count} known {what} it had not seen, {right:.2f} [{low:.2f}, {high:.2f}]"
    )
    stated = float(best.said.mean())
    if abs(stated - right) > CLOSE:
        return f"not verified: {measured}, where {stated:.2f} was expected"
    return f"verified: {measured}, where {stated:.2f} was expected"


def wilson(share: float, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    square = NORMAL**2 / count
    middle = (share + square / 2) / (1 + square)
    half = NORMAL * float(np.sqrt(share * (1 - share) / count + square / count / 4)) / (1 + square)
    return middle - half, middle + half
