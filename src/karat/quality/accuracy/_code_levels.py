"""Numbers of several lengths that are codes of several levels: a longer one begins with its parent."""

import numpy as np

ACCIDENT = 0.01  # definition: a level of one in a hundred
REPEATS = 0.02  # of the cells at most hold a code again; as for "all distinct" in ``karat.collect.meaning_features``
# definition: a double holds all whole numbers of so many digits
DIGITS = 15


def code_levels(shorter: np.ndarray, longer: np.ndarray, cells: int) -> bool:
    """Do the longer numbers continue the shorter ones, as 442000108 (a street office) does 442000 (its city)?

    Codes have a fixed number of digits and hardly repeat. A unit slip by a power of ten ends in zeros; and a measured
    number that begins like another does so by accident, which is unlikely where few of the numbers in range are held.

    Parameters
    ----------
    shorter, longer : ndarray of float64
        Distinct numbers on the two sides of a gap.
    cells : int
        How many cells hold them all.
    """
    numbers = np.concatenate([shorter, longer])
    whole = (numbers == np.round(numbers)) & (numbers >= 1) & (numbers < 10.0**DIGITS)
    if not whole.all() or len(numbers) < (1 - REPEATS) * cells:
        return False
    lengths, more = _digits(shorter), _digits(longer)
    if lengths.min() != lengths.max() or more.min() <= lengths[0]:
        return False
    parents, rest = np.divmod(longer, 10.0 ** (more - lengths[0]))
    wanted = np.unique(parents[rest > 0])
    if not len(wanted) or 2 * (rest > 0).sum() <= len(longer) or not np.isin(parents, shorter).all():
        return False
    room = min(9 * 10.0 ** (lengths[0] - 1), float(np.ptp(shorter)) + 1)
    return bool(len(wanted) * np.log(min(1.0, len(shorter) / room)) <= np.log(ACCIDENT))


def _digits(numbers: np.ndarray) -> np.ndarray:
    digits: np.ndarray = np.floor(np.log10(numbers)) + 1
    return digits
