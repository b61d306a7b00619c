"""A small tree over one column that tells two classes apart, cut into bins whose rates rise, fall, or turn once."""

from dataclasses import dataclass

import numpy as np

SHAPES = ("auto", "rising", "falling", "any")
MAX_CUTS = 128  # places where a cut may fall; cost: of more values so many bands; a cut inside one is not tried
# on German and Taiwan credit (benchmarks/credit_risk.md)
PRIOR = 8.0  # records at the whole's rate that each bin is thought to hold beside its own
# unproven: less bends by chance
TURN = 6.0  # nats of likelihood that a single turn must win over the best monotone order


@dataclass(frozen=True)
class Bins:
    """Neighbouring stretches of a number.

    Parameters
    ----------
    edges : ndarray of float64, shape (b - 1,)
        The last value of each bin but the last, rising.
    yes, all : ndarray of float64, shape (b,)
        Records of the second class, and of both.
    shape : str
        "rising", "falling", "valley", "peak" or "any".
    """

    edges: np.ndarray
    yes: np.ndarray
    all: np.ndarray
    shape: str


def evidence(yes: np.ndarray, all_: np.ndarray, yes_total: float, total: float) -> np.ndarray:
    """Weight of evidence of each bin: how far the log-odds of the second class move there.

    Parameters
    ----------
    yes, all_ : ndarray of float64, shape (b,)
        Records of the second class, and of both, in each bin.
    yes_total, total : float
        The same in all records.

    Rates are pulled towards the whole's as if each bin held ``PRIOR`` more records, so that an empty one says 0.
    Source: Good (1950); Siddiqi (2006), Credit Risk Scorecards.
    """
    rate = (yes_total + 0.5) / (total + 1)
    ones, zeros = yes + PRIOR * rate, all_ - yes + PRIOR * (1 - rate)
    return np.asarray(np.log(ones / zeros) - np.log(rate / (1 - rate)))


def information_value(yes: np.ndarray, all_: np.ndarray, weights: np.ndarray) -> float:
    """How much a column tells: sum over bins of (share of ones - share of zeros) times evidence; 0.3 is strong."""
    ones, zeros = max(yes.sum(), 1.0), max((all_ - yes).sum(), 1.0)
    return float(((yes / ones - (all_ - yes) / zeros) * weights).sum())


def grow(values: np.ndarray, truth: np.ndarray, *, shape: str, bins: int, min_records: int, gain: float) -> Bins:
    """The bins of one number.

    Parameters
    ----------
    values : ndarray of float, shape (n,), finite
    truth : ndarray of bool, shape (n,)
    shape : str
        One of ``SHAPES``: "auto" takes rising or falling, or one turn where the data insist on it.
    bins : int
        Most bins.
    min_records : int
        Fewest records in a bin.
    gain : float
        Nats of log-likelihood that a cut must win.
    """
    upper, yes, all_ = _counted(values, truth)
    cuts = _tree(yes, all_, bins, min_records, gain)
    starts = np.append(0, cuts + 1)
    yes, all_, upper = np.add.reduceat(yes, starts), np.add.reduceat(all_, starts), upper[np.append(cuts, -1)]
    groups, shape = _shaped(yes, all_, shape)
    yes, all_ = np.add.reduceat(yes, groups), np.add.reduceat(all_, groups)
    return Bins(upper[np.append(groups[1:], len(upper)) - 1][:-1].astype(np.float64), yes, all_, shape)


def _counted(values: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Upper ends (m,) of the finest bins, their ones and their records."""
    distinct, code = np.unique(values, return_inverse=True)
    if len(distinct) > MAX_CUTS:
        heap = np.cumsum(np.bincount(code))
        ends = np.unique(np.searchsorted(heap, heap[-1] * np.arange(1, MAX_CUTS + 1) / MAX_CUTS))
        code, distinct = np.searchsorted(ends, code), distinct[ends]
    all_ = np.bincount(code, minlength=len(distinct)).astype(np.float64)
    return distinct, np.bincount(code, truth.astype(np.float64), len(distinct)), all_


def _likelihood(yes: np.ndarray, all_: np.ndarray) -> np.ndarray:
    """Log-likelihood of stretches at their own rates."""
    rate = np.clip(yes / np.maximum(all_, 1), 1e-12, 1 - 1e-12)
    return np.asarray(yes * np.log(rate) + (all_ - yes) * np.log1p(-rate))


def _tree(yes: np.ndarray, all_: np.ndarray, bins: int, min_records: int, gain: float) -> np.ndarray:
    """Positions (c,) after which to cut: the cut that wins most first, over all leaves."""
    ones, heap = np.append(0, np.cumsum(yes)), np.append(0, np.cumsum(all_))

    def best(low: int, high: int) -> tuple[float, int]:
        at = np.arange(low + 1, high)
        left, right = heap[at] - heap[low], heap[high] - heap[at]
        at = at[(left >= min_records) & (right >= min_records)]
        if not len(at):
            return -np.inf, -1
        parted = _likelihood(ones[at] - ones[low], heap[at] - heap[low]) + _likelihood(
            ones[high] - ones[at], heap[high] - heap[at]
        )
        whole = _likelihood(np.array([ones[high] - ones[low]]), np.array([heap[high] - heap[low]]))[0]
        place = int(np.argmax(parted))
        return float(parted[place] - whole), int(at[place])

    leaves = {(0, len(yes)): best(0, len(yes))}
    while len(leaves) < bins:
        (low, high), (won, at) = max(leaves.items(), key=lambda item: (item[1][0], -item[0][0]))
        if won < gain:
            break
        del leaves[low, high]
        leaves |= {(low, at): best(low, at), (at, high): best(at, high)}
    return np.array(sorted(high for _, high in leaves)[:-1], np.int64) - 1


def _shaped(yes: np.ndarray, all_: np.ndarray, shape: str) -> tuple[np.ndarray, str]:
    """First leaf (g,) of each group once leaves that break the order are joined, and the order."""
    if shape == "any":
        return np.arange(len(yes)), "any"
    groupings = {"rising": _pooled(yes, all_), "falling": _pooled(all_ - yes, all_)}
    if shape != "auto":
        return groupings[shape], shape
    for turn in range(1, len(yes) - 1):
        for name, first, second in (("valley", "falling", "rising"), ("peak", "rising", "falling")):
            left = _pooled(*_side(first, yes[:turn], all_[:turn]))
            right = _pooled(*_side(second, yes[turn:], all_[turn:]))
            joined = np.append(left, right + turn)
            if name not in groupings or _fit(yes, all_, joined) > _fit(yes, all_, groupings[name]):
                groupings[name] = joined
    worth = {name: _fit(yes, all_, groups) - TURN * (name in ("valley", "peak")) for name, groups in groupings.items()}
    best = max(worth, key=lambda name: (worth[name], name))
    return groupings[best], best


def _side(shape: str, yes: np.ndarray, all_: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return (yes if shape == "rising" else all_ - yes), all_


def _fit(yes: np.ndarray, all_: np.ndarray, groups: np.ndarray) -> float:
    return float(_likelihood(np.add.reduceat(yes, groups), np.add.reduceat(all_, groups)).sum())


def _pooled(yes: np.ndarray, all_: np.ndarray) -> np.ndarray:
    """Pool adjacent violators: first leaf of each group, rates rising. Source: Ayer et al. (1955)."""
    groups: list[tuple[int, float, float]] = []
    for at, pair in enumerate(zip(yes.tolist(), all_.tolist(), strict=True)):
        group = (at, *pair)
        while groups and groups[-1][1] * group[2] >= group[1] * groups[-1][2]:
            start, ones, records = groups.pop()
            group = (start, group[1] + ones, group[2] + records)
        groups.append(group)
    return np.array([start for start, _, _ in groups], np.int64)
