"""Series as a forecast reads them: each on a grid of even steps, with what was wrong with their times."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from karat.core.block import Block
from karat.core.degrees import A_TENTH
from karat.core.schema import Column, Role
from karat.core.series_past import SeriesPast
from karat.core.words import many
from karat.prepare.calendar_steps import RECORDS, SPARSE, CalendarStep
from karat.prepare.columns import codes
from karat.prepare.future_times import wall_times
from karat.prepare.history import season_of
from karat.prepare.time_order import calendar_columns, parts_of, series_column

ALONE = 0.999  # definition: a key and a time are one record's own, but for one record in a thousand
LEAST = 3  # definition: records of a series; two have one step, which says nothing of the next
LEVELS = 10  # cost: values of a category that is known ahead; of more, none is told apart
USUAL = 10  # definition: steps ahead where there is no season
RECURRING = 10  # definition: records a key has at least, so that it tells series and not records apart


@dataclass(frozen=True)
class PanelShape:
    """What all series of a panel share.

    Parameters
    ----------
    keys : tuple of str
        Columns that tell the series apart; empty for one.
    seasons : tuple of int
        Steps each season has, the shortest first.
    known : tuple of str
        Columns that are known for steps to come as well: they are filled in rows behind the last known value.
    """

    keys: tuple[str, ...]
    step: CalendarStep
    seasons: tuple[int, ...]
    known: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Panel:
    """One series or several.

    Parameters
    ----------
    names : tuple of str
        Of each series; "" for a single one.
    pasts : tuple of SeriesPast
        Up to each series' last known value.
    last : ndarray of float64, shape (k,)
        Seconds since 1970 of each last known value.
    like : ndarray of int64, shape (k,)
        Position of the record of each last known value.
    horizon : int
        Steps to forecast: as asked for, else as many as rows behind the last known value name a time and lack the
        target, else one season, or ten; at most a quarter of the series.
    told : tuple of str
        What was wrong with the times, a sentence each.
    records : int
        With a known value.
    to_come : int
        Rows behind the last known value, of most series.
    """

    shape: PanelShape
    names: tuple[str, ...]
    pasts: tuple[SeriesPast, ...]
    last: np.ndarray
    like: np.ndarray
    horizon: int = 1
    told: tuple[str, ...] = ()
    records: int = 0
    to_come: int = 0

    @classmethod
    def of(cls, block: Block, horizon: int = 0, shape: PanelShape | None = None) -> "Panel":
        """The panel of a block whose target is a number; without series where none has three known values.

        Parameters
        ----------
        horizon : int
            Steps to forecast; 0 leaves it to the data.
        shape : PanelShape, optional
            Of an earlier panel; else found in the block.
        """
        assert block.schema.target is not None
        when, target = wall_times(block), block.numbers(block.schema.target.name)
        keys = shape.keys if shape else panel_keys(block, when)
        code, names = _coded(block, keys)
        lines = [part[np.argsort(when[part], kind="stable")] for part in parts_of(code)]
        spans = [np.unique(when[line][np.isfinite(target[line])]) for line in lines]
        step = shape.step if shape else CalendarStep.of([span for span in spans if len(span) > 1])
        ahead, known = _steps_to_come(block, lines, target, keys)
        known = shape.known if shape else known if not horizon or horizon <= ahead else ()
        sides = _Sides(_columns(block, known), _columns(block, _beside(block, known, keys)), ahead)
        series = [(at, _grid(sides, line, when, target, step)) for at, line in enumerate(lines)]
        grids = {at: grid for at, grid in series if grid is not None}
        seasons = shape.seasons if shape else _seasons(step, [grid.values for grid in grids.values()])
        horizon = horizon or ahead or _usual_horizon(list(grids.values()), seasons)
        pasts = tuple(
            SeriesPast(g.values, seasons, g.known, step.calendar(g.moments(step, horizon)), g.beside)
            for g in grids.values()
        )
        return cls(
            PanelShape(keys, step, seasons, known),
            tuple(names[int(code[lines[at][0]])] for at in grids),
            pasts,
            np.array([grid.last for grid in grids.values()]),
            np.array([grid.like for grid in grids.values()], np.int64),
            horizon,
            _told(list(grids.values()), step, len(lines) - len(grids), len(lines)),
            int(np.isfinite(target).sum()),
            ahead,
        )


@dataclass(frozen=True, eq=False)
class _Sides:
    """Columns beside the target, of all records: known ahead, and not; and how many steps ahead are asked for."""

    known: np.ndarray
    beside: np.ndarray
    ahead: int


@dataclass(frozen=True, eq=False)
class _Grid:
    """One series on its grid."""

    values: np.ndarray
    stamps: np.ndarray
    known: np.ndarray
    beside: np.ndarray
    last: float
    like: int
    doubled: int

    def moments(self, step: CalendarStep, horizon: int) -> np.ndarray:
        """Seconds since 1970 of all its steps and of those to come."""
        return np.append(self.stamps, step.moments(self.last, horizon))


def panel_keys(block: Block, when: np.ndarray) -> tuple[str, ...]:
    """The columns that tell series apart: one, or two together; empty for a single series.

    A group column says so; else the times recur, and beside the key each is one record's own.
    """
    if groups := block.schema.with_role(Role.GROUP):
        return (groups[0].name,)
    size = len(when)
    stamps, at = np.unique(when, return_inverse=True)
    if len(stamps) >= ALONE * size:
        return ()
    coded = {}
    for column in block.schema.with_role(Role.CATEGORY, Role.ID, Role.TEXT):
        code, values = codes(block, column.name)
        if 2 <= len(values) <= size / LEAST and (code >= 0).all():
            coded[column.name] = code.astype(np.int64)
    for count in (1, 2):
        for names in combinations(coded, count):
            joint = np.unique(np.column_stack([coded[name] for name in names]), axis=0, return_inverse=True)[1].ravel()
            series = int(joint.max()) + 1
            if size < LEAST * series or (count > 1 and size < RECURRING * series):
                continue
            if len(np.unique(joint.astype(np.int64) * len(stamps) + at)) >= ALONE * size:
                return names
    own = series_column(block)
    return (own,) if own else ()


def _coded(block: Block, keys: tuple[str, ...]) -> tuple[np.ndarray, list[str]]:
    """The series of each record (n,) and the name of each, in the order of the names."""
    if not keys:
        return np.zeros(len(block), np.int64), [""]
    texts = [block.text(name).to_pylist() for name in keys]
    labels = [" / ".join(cell or "" for cell in cells) for cells in zip(*texts, strict=True)]
    names, code = np.unique(np.array(labels, object).astype(str), return_inverse=True)
    return code, names.tolist()


def _steps_to_come(
    block: Block, lines: Sequence[np.ndarray], target: np.ndarray, keys: tuple[str, ...]
) -> tuple[int, tuple[str, ...]]:
    """How many rows follow the last known value, and the columns that are filled in them."""
    counts, rows = [], []
    for line in lines:
        known = np.flatnonzero(np.isfinite(target[line]))
        if len(known):
            counts.append(len(line) - 1 - int(known[-1]))
            rows.append(line[known[-1] + 1 :])
    if not counts or np.median(counts) < 1:
        return 0, ()
    ahead, asked = int(np.median(counts)), np.concatenate(rows)
    calendar = set(calendar_columns(block.schema)) | set(keys)
    filled = [c for c in block.schema.features if c.name not in calendar and c.role in (Role.NUMBER, Role.CATEGORY)]
    return ahead, tuple(c.name for c in filled if _is_filled(block, c, asked))


def _is_filled(block: Block, column: Column, rows: np.ndarray) -> bool:
    if column.role is Role.NUMBER:
        return bool(np.isfinite(block.numbers(column.name)[rows]).mean() >= 1 - A_TENTH)
    code, values = codes(block, column.name)
    return len(values) <= LEVELS and bool((code[rows] >= 0).mean() >= 1 - A_TENTH)


def _columns(block: Block, names: Sequence[str]) -> np.ndarray:
    """(n, k) numbers, and of each category a column for each value but the first."""
    parts = []
    for name in names:
        if block.schema[name].role is Role.NUMBER:
            parts.append(block.numbers(name)[:, None])
        else:
            code, values = codes(block, name)
            order = np.argsort(np.argsort(values))
            place = np.where(code >= 0, order[np.maximum(code, 0)], -1)
            parts += [(place == k).astype(np.float64)[:, None] for k in range(1, len(values))]
    return np.hstack(parts) if parts else np.zeros((len(block), 0))


def _beside(block: Block, known: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Numbers that are known up to now alone."""
    out = {*known, *keys, *calendar_columns(block.schema)}
    return [column.name for column in block.schema.features if column.role is Role.NUMBER and column.name not in out]


def _grid(sides: _Sides, line: np.ndarray, when: np.ndarray, target: np.ndarray, step: CalendarStep) -> _Grid | None:
    """One series on its grid; None with fewer than three known values."""
    has = np.isfinite(target[line])
    if has.sum() < LEAST or len(np.unique(when[line][has])) < LEAST:
        return None
    first, last = np.flatnonzero(has)[[0, -1]]
    place = step.ordinals(when[line])
    if step.unit == RECORDS or place[last] - place[first] > SPARSE * has.sum():
        place = np.unique(when[line], return_inverse=True)[1].astype(np.int64)
    place = place - place[first]
    size = int(place[last]) + 1
    known_at, first_of = np.unique(place[has], return_index=True)
    stamps = np.interp(np.arange(size), known_at, when[line][has][first_of])
    return _Grid(
        _mean_by(place[has], target[line][has], size),
        stamps,
        _on_grid(sides.known[line], place, size + sides.ahead),
        _on_grid(sides.beside[line], place, size),
        float(when[line[last]]),
        int(line[last]),
        int(has.sum() - len(known_at)),
    )


def _on_grid(columns: np.ndarray, place: np.ndarray, size: int) -> np.ndarray:
    """(size, k) means of the columns at each step, NaN where there is none."""
    if not columns.shape[1]:
        return np.zeros((0, 0))
    inside = (place >= 0) & (place < size)
    return np.column_stack([_mean_by(place[inside], column[inside], size) for column in columns.T])


def _usual_horizon(grids: Sequence[_Grid], seasons: tuple[int, ...]) -> int:
    """One season, or ten steps; at most a quarter of the usual series."""
    usual = int(np.median([len(grid.values) for grid in grids])) if grids else 0
    return max(1, min(seasons[0] if seasons else USUAL, usual // 4))


def _mean_by(place: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """(size,) mean of the known values at each place, NaN where there is none; the same for any order of records."""
    known = np.isfinite(values)
    place, values = place[known], values[known]
    order = np.lexsort((values, place))
    total, count = np.zeros(size), np.bincount(place, minlength=size)[:size]
    np.add.at(total, place[order], values[order])
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _seasons(step: CalendarStep, lines: Sequence[np.ndarray]) -> tuple[int, ...]:
    """The seasons of most series: by custom of the step, else found in the values; shorter than half of most series."""
    if not lines:
        return ()
    usual = int(np.median([len(line) for line in lines]))
    custom = tuple(season for season in step.seasons if 2 * season + LEAST <= usual)
    shown = [np.mean([SeriesPast(line, (season,)).seasonal for line in lines]) for season in custom]
    if any(share >= 0.5 for share in shown) or (step.unit != RECORDS and custom):
        return custom
    seasons = [season_of(line) for line in lines[:200]]
    values, counts = np.unique([season for season in seasons if season > 1], return_counts=True)
    return (int(values[counts.argmax()]),) if len(values) and counts.max() * 2 >= len(seasons) else custom


def _told(grids: Sequence[_Grid], step: CalendarStep, short: int, count: int) -> tuple[str, ...]:
    """What was wrong with the times, in sentences."""
    doubled, missing = sum(grid.doubled for grid in grids), sum(int(np.isnan(grid.values).sum()) for grid in grids)
    told = []
    if step.unit == RECORDS:
        told.append("The times are uneven: steps are counted by record, and a forecast's times are a guess")
    if doubled:
        told.append(f"{many(doubled, 'record')} share the time of another of the same series: their mean is taken")
    if missing:
        total = sum(len(grid.values) for grid in grids)
        told.append(f"{missing:,} of {total:,} steps have no value: they are bridged, and never count as truth")
    if short:
        told.append(f"{short:,} of {count:,} series have fewer than {LEAST} values and are not forecast")
    return tuple(told)
