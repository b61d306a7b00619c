"""Who trains and who tests: decided once, on the raw records, before anything is cleaned."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import InputError, OptionError
from karat.core.schema import Role
from karat.prepare.duplicates import tied_records
from karat.prepare.target import Target, read_target
from karat.prepare.time_order import time_order

WAYS = ("auto", "record", "group", "time")
PARTS = ("train", "validation", "test")
# unproven: more make folds more alike and need more records
STRATA = 5  # bands of a numeric target that every fold gets alike


@dataclass(frozen=True, eq=False)
class Splits:
    """Repeated folds over n records.

    Parameters
    ----------
    rows : ndarray of int64, shape (n,)
        The records' ``_row``.
    fold : ndarray of int16, shape (repeats, n)
        The fold in which a record is tested; -1: it only trains (the earliest records, when forward in time).
    folds : int
        Folds a repeat.
    forward : bool
        Forward in time: fold k trains on what came before it, not on what comes after.
    tied : ndarray of int64, shape (n,)
        Clusters that never stand on both sides.
    known : ndarray of bool, shape (n,)
        Has a target; a record without one never tests.
    part : ndarray of int8, shape (n,)
        One assignment to train (0), validation (1), test (2).
    method : str
        How it was decided, in words.
    """

    rows: np.ndarray
    fold: np.ndarray
    folds: int
    forward: bool
    tied: np.ndarray
    known: np.ndarray
    part: np.ndarray
    method: str

    def pairs(self) -> Iterator[tuple[int, int, np.ndarray, np.ndarray]]:
        """Repeat, fold, positions that train, positions that test (both rising int64).

        Records without a target are among the training positions: cleaning may learn from them, learners cannot.
        """
        for repeat in range(len(self.fold)):
            for fold in range(self.folds):
                yield repeat, fold, *self.pair(repeat, fold)

    def pair(self, repeat: int, fold: int) -> tuple[np.ndarray, np.ndarray]:
        """Positions that train and that test in one fold."""
        mine = self.fold[repeat]
        tests = mine == fold
        trains = mine < fold if self.forward else ~tests
        if self.forward:
            twin = np.zeros(int(self.tied.max(initial=-1)) + 1, bool)
            twin[self.tied[tests]] = True
            trains &= ~twin[self.tied]
        return np.flatnonzero(trains), np.flatnonzero(tests & self.known)

    def table(self) -> pa.Table:
        """``splits.parquet``: ``_row``, ``part``, and the fold of each repeat."""
        columns = {"_row": pa.array(self.rows), "part": pa.array(np.array(PARTS)[self.part])}
        columns |= {f"fold_{repeat}": pa.array(fold) for repeat, fold in enumerate(self.fold)}
        return pa.table(columns)


def plan_splits(block: Block, *, seed: int = 0, repeats: int = 5, folds: int = 5, by: str = "auto") -> Splits:
    """Repeated folds of all records, the same for any order of records and columns.

    Parameters
    ----------
    block : Block
        All raw records; the schema has a target.
    repeats, folds : int
        At least 1 and 2.
    by : str
        "auto": forward in time for a time series and where what features say of the target changes over time, else by
        group where there is a group column, else by record; or one of "record", "group", "time". Repeats of one input
        are kept together in all of them.

    Raises
    ------
    InputError
        Fewer independent records than folds, one value of the target only, or no time to go by.
    """
    if by not in WAYS:
        raise OptionError.unknown("way to split", by, WAYS, where="by")
    target = read_target(block)
    _splittable(block, target, folds)
    line = time_order(block, target) if by in ("auto", "time") else None
    if by == "time" and line is None:
        raise InputError("there is no column of times to split by", "Split by record")
    tied = tied_records(block)
    if line is not None and (by == "time" or line.forward):
        fold = np.stack([_windows(line.when, folds, repeat / repeats) for repeat in range(repeats)])
        return _splits(block, fold, folds, target, tied, f"forward in time: {line.words}")
    if len(np.unique(tied[~target.missing])) < folds:
        raise InputError(
            f"there are too few different records or groups to split into {folds} folds",
            "Give more data, or split into fewer folds",
        )
    strata = _strata(target)
    order = np.argsort(block.keys, kind="stable")
    clusters = _renumbered(tied[order])
    fold = np.zeros((repeats, len(block)), np.int64)
    for repeat in range(repeats):
        fold[repeat, order] = _dealt(strata[order], clusters, folds, np.random.default_rng([seed, repeat]))
    return _splits(block, fold, folds, target, tied, _words(block, target, tied, "" if line is None else line.words))


def _splittable(block: Block, target: Target, folds: int) -> None:
    name = block.schema.target.name if block.schema.target else ""
    known = target.values[~target.missing]
    if len(known) < 2 * folds:
        raise InputError(
            f"only {len(known)} records have a value of target {name!r}, and {2 * folds} are needed", "Give more data"
        )
    if (known == known[0]).all():
        raise InputError(f"target {name!r} has only one value", "Name another column")


def _words(block: Block, target: Target, tied: np.ndarray, order: str) -> str:
    clusters = int(tied.max()) + 1
    groups = [column.name for column in block.schema.with_role(Role.GROUP)]
    words = "stratified by class" if target.classes else f"stratified by {STRATA} bands of the target"
    if groups:
        words += f", each {' / '.join(groups)} on one side"
    if clusters < len(tied):
        words += f", repeats together ({len(tied):,} records in {clusters:,} clusters)"
    return words + (f"; not by time: {order}" if order else "")


def _splits(block: Block, fold: np.ndarray, folds: int, target: Target, tied: np.ndarray, method: str) -> Splits:
    forward = method.startswith("forward")
    test, validation = (folds - 1, folds - 2) if forward else (0, 1)
    part = np.where(fold[0] == test, 2, np.where(fold[0] == validation, 1, 0)).astype(np.int8)
    return Splits(block.rows, fold.astype(np.int16), folds, forward, tied, ~target.missing, part, method)


def _windows(when: np.ndarray, folds: int, shift: float) -> np.ndarray:
    """Windows of equal size along time; the first ``1 + shift`` of ``folds + 1`` parts only train."""
    ordered = np.sort(when)
    n = len(when)
    first = n / (folds + 1) * (1 + shift)
    cuts = np.linspace(first, n, folds + 1)[:-1].astype(np.int64)
    # What happened at one moment stays together: the cut moves back to the moment's first record.
    return np.searchsorted(ordered[cuts], when, side="right") - 1


def _strata(target: Target) -> np.ndarray:
    """Class or band of each record (n,) int64 from 0; records without a target are the last stratum."""
    if target.classes:
        codes, last = target.values, len(target.classes)
    else:
        known = target.values[~target.missing]
        edges = np.quantile(known, np.arange(1, STRATA) / STRATA)
        codes, last = np.searchsorted(edges, np.nan_to_num(target.values), side="right"), STRATA
    return np.where(target.missing, last, codes).astype(np.int64)


def _renumbered(tied: np.ndarray) -> np.ndarray:
    """The clusters numbered as they are met, so that their numbers follow from the order of the records alone."""
    _, first, cluster = np.unique(tied, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[cluster])


def _dealt(strata: np.ndarray, tied: np.ndarray, folds: int, random: np.random.Generator) -> np.ndarray:
    """A fold for each record: clusters whole, strata even."""
    clusters, kinds = int(tied.max()) + 1, int(strata.max()) + 1
    mix = np.zeros((clusters, kinds), np.int64)
    np.add.at(mix, (tied, strata), 1)
    size = mix.sum(1)
    order = random.permutation(clusters)
    fold_of = np.zeros(clusters, np.int64)
    dealt = np.zeros((folds, kinds))
    large = order[size[order] > 1]
    large = large[np.argsort(-size[large], kind="stable")]
    weight = 1 / np.maximum(mix.sum(0), 1)
    for cluster in large:  # each to the fold that has least of what it brings
        lack = (dealt * (mix[cluster] * weight)).sum(1) + 1e-9 * dealt.sum(1)
        fold_of[cluster] = best = int(np.argmin(lack))
        dealt[best] += mix[cluster]
    single = order[size[order] == 1]
    kind = mix[single].argmax(1)
    for stratum in range(kinds):
        mine = single[kind == stratum]
        fold_of[mine] = random.permutation(_filling(dealt[:, stratum], len(mine), folds, stratum))
    return np.asarray(fold_of[tied])


def _filling(sizes: np.ndarray, count: int, folds: int, start: int) -> np.ndarray:
    """Folds (count,) for single records so that all folds end as even as can be."""
    gets, level = np.zeros(folds, np.int64), np.sort(sizes)
    for top in level[::-1]:
        gets = np.maximum(top - sizes, 0).astype(np.int64)
        if gets.sum() <= count:
            break
    rest, turn = count - int(gets.sum()), np.roll(np.arange(folds), -start)
    gets += rest // folds
    # Falling short of the lowest level leaves folds with more than their share; the others take turns.
    gets[turn[: rest % folds]] += 1
    return np.repeat(np.arange(folds), gets)
