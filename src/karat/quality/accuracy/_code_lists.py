"""Short lists of whole-number codes, and the numbers in them that do not look like members of the list."""

from dataclasses import dataclass

import numpy as np

MAX_CODES = 30  # unproven: a longer list of whole numbers is taken for counts
MIN_RECORDS = 300  # unproven: with fewer, a rare code may be chance
# unproven: lower lets strange codes into the body
MAIN_SHARE = 0.02  # codes that so many records hold are the body of the list
# unproven: .1 lies below that sixth; higher names true counts, lower misses a strange 0
RARE_EDGE = 0.1  # a 0 so much rarer than the 1 beside it is no count of nothing: counts with a mean of 6 have a sixth
# unproven: with more, the negative side is a part of the scale
MAX_STATES = 3  # negative codes that a scale may carry for special states
DISTINCT = 4.0  # standard errors that tell two counts apart; unproven: fewer name codes that are rare by chance


@dataclass(frozen=True)
class Odd:
    """A code that does not look like a member of its list.

    Parameters
    ----------
    confidence : float
        That no code book would list it as a plain value.
    """

    code: int
    records: int
    confidence: float
    reason: str


def odd_codes(codes: np.ndarray, counts: np.ndarray) -> list[Odd]:
    """The odd ones among a column's whole numbers, by how often each occurs; none where they are no list of codes.

    Parameters
    ----------
    codes : ndarray of int64, shape (k,), rising
    counts : ndarray of int64, shape (k,)
    """
    if not 3 <= len(codes) <= MAX_CODES or counts.sum() < MIN_RECORDS:
        return []
    if codes[0] < 0:
        return _states(codes, counts)
    common = codes[counts >= MAIN_SHARE * counts.sum()]
    body = common[: 1 + int(np.argmax(np.append(np.diff(common) != 1, True)))]
    if len(body) < 2 or body[0] > 1:
        return []
    return [*_zero(codes, counts), *_apart(codes, counts, body), *_tail(codes, counts, body)]


def _zero(codes: np.ndarray, counts: np.ndarray) -> list[Odd]:
    if codes[0] != 0 or 1 not in codes[1:2] or counts[0] > RARE_EDGE * counts[1]:
        return []
    reason = f"the list counts from 1 ({counts[1]:,} records); 0 precedes it in {counts[0]:,}"
    return [Odd(0, int(counts[0]), 0.75, reason)]


def _apart(codes: np.ndarray, counts: np.ndarray, body: np.ndarray) -> list[Odd]:
    """Codes behind a hole in a list without holes; counts of things thin out first."""
    beyond = np.flatnonzero((codes > body[-1]) & (np.diff(codes, prepend=codes[0]) > 2))
    if not len(beyond) or (np.diff(codes[: beyond[0]]) > 1).any() or codes[beyond[0] - 1] != body[-1]:
        return []
    reason = f"the list runs without a hole from {codes[0]} to {codes[beyond[0] - 1]}; this one lies apart"
    return [Odd(int(codes[at]), int(counts[at]), 0.6, reason) for at in range(int(beyond[0]), len(codes))]


def _tail(codes: np.ndarray, counts: np.ndarray, body: np.ndarray) -> list[Odd]:
    """Rare codes behind the body that do not die away as counts of things do."""
    tail = np.flatnonzero(codes > body[-1])
    if not len(tail) or (np.diff(codes[tail[0] - 1 :]) != 1).any():
        return []
    last = int(counts[tail[0] - 1])
    cliff = bool(counts[tail[0]] < RARE_EDGE * last)
    rises = [
        at
        for at in tail[1:].tolist()
        if counts[at] > 1.5 * counts[at - 1]
        and counts[at] - counts[at - 1] > DISTINCT * np.sqrt(counts[at] + counts[at - 1])
    ]
    reason = f"the body of the list ends at {body[-1]} ({last:,} records)"
    if not rises:
        first = tail[0]
        return (
            [Odd(int(codes[first]), int(counts[first]), 0.3, f"{reason}, and this one is rare")]
            if (cliff and len(tail) == 1)
            else []
        )
    endings = [
        Odd(int(codes[at]), int(counts[at]), 0.35, f"{reason}; rare, and perhaps its last entry")
        for at in range(int(tail[0]), rises[0])
    ]
    reason += f", the next ones die away, and {codes[rises[0]]} comes back with {counts[rises[0]]:,}"
    return endings + [Odd(int(codes[at]), int(counts[at]), 0.7, reason) for at in range(rises[0], len(codes))]


def _states(codes: np.ndarray, counts: np.ndarray) -> list[Odd]:
    """Codes up to 0 on a scale of positive steps: states of their own, where a few of them stand before many steps."""
    negative, positive = codes[codes < 0], codes[codes > 0]
    if len(negative) > MAX_STATES or len(positive) < 2 or codes[-1] <= 1.5 * -codes[0]:
        return []
    steps = f"a scale of {positive[0]} to {positive[-1]}"
    out = []
    for code, records in zip(codes.tolist(), counts.tolist(), strict=True):
        if code > 0:
            break
        said = "one special code is usual, this is another" if code < -1 else "it lies between states and steps"
        reason = f"before {steps}: {said}" if code != -1 else f"before {steps}: the usual code for a state of its own"
        out.append(Odd(code, records, 0.4 if code == -1 else 0.7, reason))
    return out
