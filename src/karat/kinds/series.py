"""Series in time: what a record holds tells what the next one will."""

from typing import ClassVar

import numpy as np

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Role, Schema
from karat.core.words import many
from karat.kinds.kind import Sample, spans
from karat.kinds.table import Table
from karat.prepare.splits import Splits, plan_splits
from karat.prepare.target import read_target
from karat.prepare.time_order import MIN_RECORDS, calendar_columns, moments, series_column, time_order

EVEN = 0.9  # display: share of the steps in time that are of one length; nothing but the name of the kind follows


class Series(Table):
    """A series: a table in order of time whose target tells the next one's, or whose steps in time are even."""

    name: ClassVar[str] = "series"
    rank: ClassVar[int] = 50
    also: ClassVar[tuple[str, ...]] = ("table",)

    def recognised(self, sample: Sample) -> str:
        """By the lag-1 correlation of the target; without one, by even steps in time."""
        block = _block(sample)
        if block is None:
            return ""
        if not sample.target:
            return _even(block)
        order = time_order(block, read_target(block))
        return order.words if order is not None and order.is_series else ""

    def splits(self, block: Block, *, seed: int, repeats: int, folds: int) -> Splits:
        """Forward in time. Raises InputError where the times cannot be read."""
        return plan_splits(block, seed=seed, repeats=repeats, folds=folds, by="time")

    def roles(self, sample: Sample) -> Schema:
        """As in a table. Raises InputError where nothing says when."""
        assert sample.schema is not None
        if not calendar_columns(sample.schema):
            raise InputError(
                f"no times in columns {', '.join(map(repr, sample.schema.names))}",
                'Leave --kind series out, or name the column in karat.toml: [collect.columns.NAME] role = "time"',
            )
        return super().roles(sample)

    def facts(self, block: Block) -> list[tuple[str, str]]:
        """The time it spans and the usual step, and the column that tells several series apart."""
        said = spans(block)
        if block.schema.with_role(Role.TIME):
            steps = np.diff(np.unique(moments(block)))
            said += [("step", _in_units(float(np.median(steps))))] if len(steps) else []
        own = series_column(block)
        return said + ([("series", f"{len(block.coded(own)[1]):,}, one for each value of {own!r}")] if own else [])


def _in_units(seconds: float) -> str:
    """A span of time in its largest whole unit."""
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size and seconds % size == 0:
            return many(round(seconds / size), name)
    return f"{seconds:g} seconds"


def _block(sample: Sample) -> Block | None:
    if sample.schema is None or sample.first is None:
        return None
    return Block(np.arange(sample.first.num_rows), sample.first, sample.schema)


def _even(block: Block) -> str:
    """One moment a record, and steps of one length between them."""
    times = block.schema.with_role(Role.TIME)
    if not times or len(block) < MIN_RECORDS:
        return ""
    steps = np.diff(np.sort(moments(block)))
    usual = np.median(steps)
    if usual <= 0 or np.mean(np.abs(steps - usual) <= usual / 100) < EVEN:
        return ""
    return f"even steps in time in column {times[0].name!r}"
