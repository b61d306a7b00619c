"""Full-width letters, digits and signs of texts as the plain ones, place by place, in one pass over the bytes."""

from typing import Any

import numpy as np

from karat.kernels.text_compiled import compiled, pointer

# definition: UTF-8 of U+FF01 to U+FF5E, which stand 0xFEE0 above the plain signs, and of the wide blank U+3000
WIDE, LOWER_HALF, UPPER_HALF, FIRST, LAST = 0xEF, 0xBC, 0xBD, 0x81, 0x9E


@compiled
def is_wide(buf: Any, at: int, stop: int) -> bool:
    """Does a full-width sign begin at a place?"""
    if buf[at] != WIDE or at + 2 >= stop:
        return False
    half, last = buf[at + 1], buf[at + 2]
    return bool((half == LOWER_HALF and last >= FIRST) or (half == UPPER_HALF and last <= LAST))


@compiled
def plain_widths(data: np.ndarray, offsets: np.ndarray, out: np.ndarray, ends: np.ndarray) -> None:
    """Write texts with plain signs; a text without full-width ones stays as it is, its wide blanks too.

    Parameters
    ----------
    data : ndarray of uint8
        Texts in UTF-8, one after the other.
    offsets : ndarray of int64, shape (n + 1,)
    out : ndarray of uint8
        At least as long as the texts; written.
    ends : ndarray of int64, shape (n + 1,)
        Offsets of what is written; written.
    """
    buf, to, size = pointer(data), pointer(out), 0
    ends[0] = 0
    for row in range(len(offsets) - 1):
        at, stop = offsets[row], offsets[row + 1]
        any_wide = False
        for place in range(at, stop):
            if buf[place] == WIDE and is_wide(buf, place, stop):
                any_wide = True
                break
        while at < stop:
            if any_wide and is_wide(buf, at, stop):
                to[size] = (buf[at + 2] & 63) + (32 if buf[at + 1] == LOWER_HALF else 96)
                at += 3
            elif any_wide and buf[at] == 0xE3 and at + 2 < stop and buf[at + 1] == 0x80 and buf[at + 2] == 0x80:
                to[size] = 32
                at += 3
            else:
                to[size] = buf[at]
                at += 1
            size += 1
        ends[row + 1] = size
