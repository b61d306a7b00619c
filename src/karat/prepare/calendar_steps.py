"""The steps of a series in time: months of any length, business days, or spans of seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from karat.core.words import many
from karat.prepare.history import REGULAR

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0  # definition: seconds
MONTH_FROM, MONTH_TO = 27 * DAY, 367 * DAY  # definition: the least month but a day, the longest year and a day
SPARSE = 4  # cost: steps of the grid for each record; beyond, the records are counted
WEEK = 5  # definition: business days
# definition: steps of a day, a week and a year by the length of a step
CUSTOM = (
    (MINUTE, (1_440,)),
    (5 * MINUTE, (288, 2_016)),
    (10 * MINUTE, (144, 1_008)),
    (15 * MINUTE, (96, 672)),
    (30 * MINUTE, (48, 336)),
    (HOUR, (24, 168)),
    (DAY, (7,)),
    (7 * DAY, (52,)),
)
MONTHS, BUSINESS, SECONDS, RECORDS = "month", "business day", "second", "record"
NAMES = {
    (MONTHS, 1): "monthly",
    (MONTHS, 3): "quarterly",
    (MONTHS, 12): "yearly",
    (SECONDS, MINUTE): "every minute",
    (SECONDS, HOUR): "hourly",
    (SECONDS, DAY): "daily",
    (SECONDS, 7 * DAY): "weekly",
    (BUSINESS, 1): "on business days",
}
SAME, LAST, LAST_WEEKDAY = "same day", "last day", "last weekday"


@dataclass(frozen=True)
class CalendarStep:
    """One step of a series.

    Parameters
    ----------
    unit : str
        "month", "business day", "second", or "record" where the times are uneven.
    size : float
        Units a step has.
    anchor : float
        Seconds since 1970 of step 0; of months, the seconds into the day.
    day : int
        Day of the month, where the unit is a month.
    rule : str
        Which day of the month: the same, the last one or the last weekday.
    """

    unit: str
    size: float
    anchor: float = 0.0
    day: int = 1
    rule: str = SAME

    @classmethod
    def of(cls, lines: Sequence[np.ndarray]) -> "CalendarStep":
        """The step of several series together.

        Parameters
        ----------
        lines : sequence of ndarray of float64
            Seconds since 1970 of each series' records, rising, each once.
        """
        steps = np.concatenate([np.diff(line) for line in lines]) if lines else np.zeros(0)
        if not len(steps):
            return cls(RECORDS, 1)
        usual = _mode(steps)
        whole = np.concatenate(lines)
        if MONTH_FROM <= usual <= MONTH_TO and (months := _of_months(lines, whole)):
            return months
        if abs(usual - DAY) < 1 and (business := _of_business(lines, whole)):
            return business
        even = np.abs(steps / usual - np.round(steps / usual)) < 0.25
        if np.mean(even & (steps > usual / 2)) < REGULAR:
            return cls(RECORDS, float(np.median(steps)))
        return cls(SECONDS, usual, float(whole.min()))

    def ordinals(self, when: np.ndarray) -> np.ndarray:
        """(n,) int64: which step each moment is, rising with time; of uneven times the place in their order."""
        if self.unit == MONTHS:
            return np.asarray(_month(when) // int(self.size))
        if self.unit == BUSINESS:
            days = _days(when)
            return np.asarray(np.busday_count("1970-01-01", days))
        if self.unit == SECONDS:
            return np.round((when - self.anchor) / self.size).astype(np.int64)
        return np.unique(when, return_inverse=True)[1].astype(np.int64)

    def moments(self, last: float, ahead: int) -> np.ndarray:
        """(ahead,) seconds since 1970 of the steps behind a moment."""
        steps = np.arange(1, ahead + 1)
        if self.unit == MONTHS:
            months = _month(np.array([last]))[0] + steps * int(self.size)
            return np.array([self._in_month(int(month)) for month in months]) + self.anchor
        if self.unit == BUSINESS:
            days = np.busday_offset(_days(np.array([last]))[0], steps, roll="backward")
            return np.asarray(days.astype(np.int64) * DAY + last % DAY)
        return np.asarray(last + steps * self.size)

    def _in_month(self, month: int) -> float:
        """Seconds since 1970 of the step's day in a month counted from year 0."""
        first = np.datetime64(f"{month // 12:04d}-{month % 12 + 1:02d}", "M")
        end = (first + 1).astype("datetime64[D]") - 1
        if self.rule == LAST:
            day = end
        elif self.rule == LAST_WEEKDAY:
            day = np.busday_offset(end, 0, roll="backward")
        else:
            day = min(first.astype("datetime64[D]") + self.day - 1, end)
        return float(day.astype(np.int64)) * DAY

    @property
    def seasons(self) -> tuple[int, ...]:
        """Steps that seasons have by custom, the shortest first."""
        if self.unit == MONTHS:
            return (int(12 // self.size),) if self.size < 12 else ()
        if self.unit == BUSINESS:
            return (WEEK,)
        if self.unit == SECONDS:
            return next((seasons for size, seasons in CUSTOM if abs(self.size - size) < size / 12), ())
        return ()

    def calendar(self, when: np.ndarray) -> np.ndarray:
        """(n, c) float64 parts of the date that tell something at this step: hour, weekday, day, month."""
        stamps = np.round(when).astype("datetime64[s]")
        months = stamps.astype("datetime64[M]").astype(np.int64) % 12 + 1.0
        if self.unit == MONTHS:
            return months[:, None] if self.size < 12 else np.zeros((len(when), 0))
        if self.unit == RECORDS and self.size < 1:
            return np.zeros((len(when), 0))
        days = stamps.astype("datetime64[D]")
        weekday = (days.astype(np.int64) + 3) % 7
        day = (days - stamps.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
        parts = [weekday, day, months]
        if self.size < DAY and self.unit != BUSINESS:
            parts.append((when % DAY) / HOUR)
        return np.column_stack(parts).astype(np.float64)

    @property
    def words(self) -> str:
        """Such as "monthly, on the last day"."""
        if self.unit == RECORDS:
            return "at uneven times, counted by record"
        name = NAMES.get((self.unit, self.size)) or f"every {_span(self)}"
        return name + (f", on the {self.rule}" if self.unit == MONTHS and self.rule != SAME else "")


def _span(step: CalendarStep) -> str:
    if step.unit == MONTHS:
        return many(int(step.size), "month")
    for name, size in (("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        if step.size >= size and step.size % size == 0:
            return many(int(step.size / size), name)
    return f"{step.size:g} seconds"


def _mode(steps: np.ndarray) -> float:
    """The most frequent step, of those that are equal to a thousandth; the shortest of several."""
    values, counts = np.unique(np.round(steps, 3), return_counts=True)
    return float(values[counts.argmax()])


def _month(when: np.ndarray) -> np.ndarray:
    return np.round(when).astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) + 1970 * 12


def _days(when: np.ndarray) -> np.ndarray:
    return np.round(when).astype("datetime64[s]").astype("datetime64[D]")


def _of_months(lines: Sequence[np.ndarray], whole: np.ndarray) -> CalendarStep | None:
    """Months, where hardly any holds two records of a series."""
    steps = np.concatenate([np.diff(_month(line)) for line in lines])
    if np.mean(steps > 0) < 1 - (1 - REGULAR) / 10:
        return None
    size = int(np.gcd.reduce(steps[steps > 0]))
    values, counts = np.unique(steps, return_counts=True)
    usual = int(values[counts.argmax()])
    size = (
        size
        if usual == size
        else usual
        if usual in (1, 2, 3, 4, 6, 12) and np.mean(steps % usual == 0) >= REGULAR
        else size
    )
    days = _days(whole)
    first = days.astype("datetime64[M]").astype("datetime64[D]")
    day = (days - first).astype(np.int64) + 1
    end = (days.astype("datetime64[M]") + 1).astype("datetime64[D]") - 1
    clock = float(np.median(whole % DAY))
    usual_day = int(day.max())
    for rule, fits in (
        (SAME, day == np.minimum(usual_day, (end - first).astype(np.int64) + 1) if usual_day < 31 else day == day[0]),
        (LAST, days == end),
        (LAST_WEEKDAY, days == np.busday_offset(end, 0, roll="backward")),
    ):
        if np.mean(fits) >= REGULAR:
            return CalendarStep(MONTHS, size, clock, usual_day, rule)
    values, counts = np.unique(day, return_counts=True)
    return CalendarStep(MONTHS, size, clock, int(values[counts.argmax()]), SAME)


def _of_business(lines: Sequence[np.ndarray], whole: np.ndarray) -> CalendarStep | None:
    """Business days, where two weeks or more have none on a weekend."""
    days = _days(whole)
    weekday = (days.astype(np.int64) + 3) % 7
    if (weekday >= WEEK).any() or len(np.unique(days)) < 2 * WEEK or np.ptp(whole) < 11 * DAY:
        return None
    if np.ptp(whole % DAY) > 1:
        return None
    del lines
    return CalendarStep(BUSINESS, 1)
