"""What tells a robot's history from a person's: signs that know nothing of each other, one array over users each."""

import re
from dataclasses import dataclass

import numpy as np

from karat.core.hashes import row_hashes
from karat.core.state import derived
from karat.quality.events import DAY_US, NO_TIME, SampledEvents, Sequence

MIN_EVENTS = 20  # unproven: fewer say too little about a habit
HOUR_US = DAY_US // 24  # definition: microseconds of an hour
WINDOWS = {1_000_000: "second", 60_000_000: "minute", HOUR_US: "hour"}
FAR = 3.5  # Iglewicz and Hoaglin (1993): robust standard deviations, of the logarithm
NARROW = 0.25  # unproven: least spread of a logarithm that users are held to have
REGULAR = 0.4  # unproven: share of all gaps that are the same one
STEADY = 0.3  # unproven: quartile distance of the gaps by their median
NUMBER = re.compile(r"\d+")
SORTED, CONSTANT, AGAIN, COVERED = 0.9, 0.97, 0.5, 0.7  # unproven: shares that make a robot, where others' are lower
PAUSE_US = 2 * HOUR_US  # unproven: people sleep longer
AWAKE_US = DAY_US


@dataclass(frozen=True)
class RobotSign:
    """One sign: which users show it, and what is said of each.

    Parameters
    ----------
    hit : ndarray of bool, shape (users,)
    value : ndarray of float64, shape (users,)
        What is put into the words.
    """

    hit: np.ndarray
    value: np.ndarray
    words: str


def signs(events: SampledEvents) -> dict[str, list[RobotSign]]:
    """All signs by what they look at: rate, clock, order, neighbours, rating, choice, repeats and copies; once.

    A sign stands out from the other users of the same data, whose middle is taken as what people do: a catalogue that
    everybody walks in order, or a clock that counts days, makes no robots.
    """
    return derived(events, "signs", lambda: _signs(events))


def _signs(events: SampledEvents) -> dict[str, list[RobotSign]]:
    sequence = events.sequence
    busy = sequence.count >= MIN_EVENTS
    if not busy.any():
        return {}
    timed = sequence.time != NO_TIME
    gaps = _Gaps.of(sequence) if timed.any() else None
    steps = _steps(events, sequence)
    signs = {
        "rate": [_volume(sequence, busy, len(events.item))],
        "order": [_ordered(sequence, steps, busy)],
        "neighbours": [_neighbours(sequence, steps, busy)],
        "rating": [_one_rating(sequence, busy)],
        "choice": [_by_chance(sequence, busy, len(events.item))],
        "repeats": [_again(sequence, busy, len(events.item))],
        "copies": [_copied(sequence, busy, len(events.item))],
    }
    if gaps is not None:
        signs["rate"] += [_burst(sequence, busy, width, word) for width, word in WINDOWS.items()]
        signs["clock"] = [_regular(gaps, busy), _steady(gaps, busy), _sleepless(gaps, busy)]
    return signs


def log_distance(values: np.ndarray, among: np.ndarray) -> np.ndarray:
    """(users,) how many robust standard deviations the logarithm lies above the middle of some users."""
    logs = np.log(np.maximum(values, 1e-9))
    middle = np.median(logs[among])
    spread = max(NARROW, 1.4826 * float(np.median(np.abs(logs[among] - middle))))
    return np.asarray((logs - middle) / spread)


def _per_user(sequence: Sequence, values: np.ndarray) -> np.ndarray:
    """Sums over each user's events."""
    return np.bincount(sequence.user, weights=values, minlength=len(sequence.count))


def _volume(sequence: Sequence, busy: np.ndarray, items: int) -> RobotSign:
    far = log_distance(sequence.count, busy)
    covered = sequence.count / max(1, items)
    all_of_it = (covered >= COVERED) & (float(np.median(covered[busy])) <= COVERED / 3)
    return RobotSign(busy & ((far >= FAR) | all_of_it), sequence.count.astype(np.float64), "{:,.0f} events in all")


def peak(sequence: Sequence, width: int) -> np.ndarray:
    """(users,) the most events within a stretch of time (µs)."""
    known = np.flatnonzero(sequence.time != NO_TIME)
    out = np.zeros(len(sequence.count), np.int64)
    if not len(known):
        return out
    user, time = sequence.user[known].astype(np.int64), sequence.time[known]
    first, span = int(time.min()), int(time.max()) - int(time.min()) + 2 * width + 2
    if span > (1 << 62) // max(1, len(out)):
        return out
    line = user * span + (time - first)  # rises, and no user's stretch reaches into the next
    last = np.searchsorted(line, line + width, side="left")
    np.maximum.at(out, user, last - np.arange(len(line)))
    return out


def _burst(sequence: Sequence, busy: np.ndarray, width: int, word: str) -> RobotSign:
    most = peak(sequence, width)
    hit = busy & (most >= MIN_EVENTS) & (log_distance(most, busy) >= FAR)
    return RobotSign(hit, most.astype(np.float64), f"{{:,.0f}} events in one {word}")


@dataclass(frozen=True)
class _Gaps:
    """Times between a user's events, in order."""

    user: np.ndarray
    gap: np.ndarray
    count: np.ndarray

    @classmethod
    def of(cls, sequence: Sequence) -> "_Gaps":
        same = (
            (sequence.user[1:] == sequence.user[:-1]) & (sequence.time[:-1] != NO_TIME) & (sequence.time[1:] != NO_TIME)
        )
        at = np.flatnonzero(same)
        user = sequence.user[1:][at]
        return cls(
            user, sequence.time[1:][at] - sequence.time[:-1][at], np.bincount(user, minlength=len(sequence.count))
        )


def _regular(gaps: _Gaps, busy: np.ndarray) -> RobotSign:
    order = np.lexsort((gaps.gap, gaps.user))
    user, gap = gaps.user[order], gaps.gap[order]
    begins = np.flatnonzero(np.concatenate([[True], (user[1:] != user[:-1]) | (gap[1:] != gap[:-1])])[: len(user)])
    times = np.diff(np.append(begins, len(user)))
    positive = gap[begins] > 0
    most = np.zeros(len(busy))
    np.maximum.at(most, user[begins][positive], times[positive])
    share = most / np.maximum(1, gaps.count)
    usual = float(np.median(share[busy]))
    return RobotSign(busy & (share >= max(REGULAR, 4 * usual)), 100 * share, "{:.0f} % of the pauses equally long")


def _steady(gaps: _Gaps, busy: np.ndarray) -> RobotSign:
    order = np.lexsort((gaps.gap, gaps.user))
    gap, start = gaps.gap[order].astype(np.float64), np.cumsum(gaps.count) - gaps.count
    quartiles = []
    for part in (0.25, 0.5, 0.75):
        at = start + (part * np.maximum(0, gaps.count - 1)).astype(np.int64)
        quartiles.append(gap[np.minimum(at, len(gap) - 1)] if len(gap) else np.zeros(len(busy)))
    low, middle, high = quartiles
    spread = np.divide(high - low, middle, out=np.full(len(busy), np.inf), where=(middle > 0) & (gaps.count > 0))
    usual = float(np.median(np.minimum(spread[busy], 1e9)))
    return RobotSign(
        busy & (spread <= min(STEADY, usual / 4)) & (usual > 0), middle / 1e6, "a steady beat of {:,.4g} seconds"
    )


def _sleepless(gaps: _Gaps, busy: np.ndarray) -> RobotSign:
    """Longest stretch without a pause that people need; none where the clock counts days."""
    long = np.zeros(len(busy))
    if len(gaps.gap):
        breaks = np.concatenate([[True], (gaps.user[1:] != gaps.user[:-1]) | (gaps.gap[1:] > PAUSE_US)])
        breaks |= gaps.gap > PAUSE_US
        run = np.cumsum(breaks) - 1
        lengths = np.bincount(run, weights=np.where(gaps.gap > PAUSE_US, 0, gaps.gap))
        np.maximum.at(long, gaps.user, lengths[run])
    usual = float(np.quantile(long[busy], 0.75))
    return RobotSign(busy & (long >= max(AWAKE_US, 4 * usual)), long / HOUR_US, "{:,.0f} hours without a pause")


def _steps(events: SampledEvents, sequence: Sequence) -> np.ndarray:
    """How many items further in the catalogue, sorted by names and their numbers, each event is from the one before.

    0 for another user, and where the clock does not say which of two events came first: events of one second, or of a
    log without times, stand in no order.
    """
    natural = [NUMBER.sub(lambda match: match[0].zfill(19), text) for text in events.item.texts.to_pylist()]
    place = np.empty(len(natural), np.int64)
    place[np.argsort(np.array(natural, object), kind="stable")] = np.arange(len(natural))
    later = (sequence.user[1:] == sequence.user[:-1]) & (sequence.time[1:] > sequence.time[:-1])
    return np.asarray(np.diff(place[sequence.item]) * (later & (sequence.time[:-1] != NO_TIME)))


def _ordered(sequence: Sequence, steps: np.ndarray, busy: np.ndarray) -> RobotSign:
    """Share of steps that go up, or down."""
    up = np.bincount(sequence.user[1:], weights=steps > 0, minlength=len(busy))
    moved = np.bincount(sequence.user[1:], weights=steps != 0, minlength=len(busy))
    share = np.divide(up, moved, out=np.full(len(busy), 0.5), where=moved >= MIN_EVENTS / 2)
    either = np.maximum(share, 1 - share)
    usual = float(np.median(either[busy]))
    hit = busy & (either >= SORTED) & (usual <= 0.5 + (SORTED - 0.5) / 2)
    return RobotSign(hit, 100 * either, "{:.0f} % of the steps go through the items in order")


def _neighbours(sequence: Sequence, steps: np.ndarray, busy: np.ndarray) -> RobotSign:
    """Share of steps to the very next item, either way: which items are taken, where order says in which way."""
    near = np.bincount(sequence.user[1:], weights=np.abs(steps) == 1, minlength=len(busy))
    moved = np.bincount(sequence.user[1:], weights=steps != 0, minlength=len(busy))
    share = np.divide(near, moved, out=np.zeros(len(busy)), where=moved >= MIN_EVENTS / 2)
    usual = float(np.median(share[busy]))
    return RobotSign(busy & (share >= AGAIN) & (usual <= AGAIN / 4), 100 * share, "{:.0f} % of the items are adjacent")


def _one_rating(sequence: Sequence, busy: np.ndarray) -> RobotSign:
    known = np.flatnonzero(~np.isnan(sequence.rating))
    most = np.zeros(len(busy))
    rated = np.bincount(sequence.user[known], minlength=len(busy))
    if len(known):
        levels, code = np.unique(sequence.rating[known], return_inverse=True)
        pair, times = np.unique(sequence.user[known].astype(np.int64) * len(levels) + code, return_counts=True)
        np.maximum.at(most, pair // len(levels), times)
    share = np.divide(most, rated, out=np.zeros(len(busy)), where=rated >= MIN_EVENTS)
    usual = float(np.median(share[busy]))
    return RobotSign(busy & (share >= CONSTANT) & (usual <= 0.8), 100 * share, "{:.0f} % of the ratings the same")


def _by_chance(sequence: Sequence, busy: np.ndarray, items: int) -> RobotSign:
    """Items as a die would choose them, where people with as many events choose popular ones."""
    popular = np.log(np.maximum(1, np.bincount(sequence.item, minlength=items)))
    mean = np.divide(
        _per_user(sequence, popular[sequence.item]), sequence.count, out=np.zeros(len(busy)), where=sequence.count > 0
    )
    by_chance = popular.mean() + 3 * popular.std() / np.sqrt(np.maximum(1, sequence.count))
    usual = mean.copy()
    order = np.flatnonzero(busy)[np.argsort(sequence.count[busy], kind="stable")]
    near = max(15, len(order) // 10)  # those with about as many events
    for part in np.array_split(order, max(1, len(order) // near)):
        usual[part] = np.median(mean[part])
    spread = max(0.05, 1.4826 * float(np.median(np.abs(mean[busy] - usual[busy]))))
    hit = busy & (mean <= by_chance) & (usual - mean >= FAR * spread)
    return RobotSign(hit, np.exp(mean), "items as by chance, met by {:,.0f} users in the middle")


def _again(sequence: Sequence, busy: np.ndarray, items: int) -> RobotSign:
    pairs, first = np.unique(sequence.user.astype(np.int64) * max(1, items) + sequence.item, return_index=True)
    apart = np.bincount(sequence.user[first], minlength=len(busy)) if len(pairs) else np.zeros(len(busy))
    share = 1 - np.divide(apart, sequence.count, out=np.ones(len(busy)), where=sequence.count > 0)
    usual = float(np.median(share[busy]))
    return RobotSign(
        busy & (share >= AGAIN) & (usual <= AGAIN / 4), 100 * share, "{:.0f} % of the events repeat an item"
    )


def _copied(sequence: Sequence, busy: np.ndarray, items: int) -> RobotSign:
    """Users with the very same items as another one."""
    pairs = np.unique(sequence.user.astype(np.int64) * max(1, items) + sequence.item)
    key = np.zeros(len(busy), np.uint64)
    np.add.at(key, pairs // max(1, items), row_hashes(pairs % max(1, items)))
    _, which, times = np.unique(key[busy], return_inverse=True, return_counts=True)
    others = np.zeros(len(busy))
    others[busy] = times[which] - 1
    usual = float(np.median(others[busy]))
    return RobotSign(busy & (others >= 1) & (usual == 0), others, "the very same items as {:,.0f} other users")
