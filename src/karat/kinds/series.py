"""Series in time: what a record holds tells what the next one will."""

from dataclasses import replace
from typing import ClassVar

import numpy as np

from karat.core.block import Block
from karat.core.degrees import SHAPE_SAMPLE
from karat.core.errors import InputError
from karat.core.schema import Role, Schema
from karat.core.words import many
from karat.kinds.kind import Sample, spans
from karat.kinds.table import Table
from karat.prepare.calendar_steps import RECORDS
from karat.prepare.history import REGULAR
from karat.prepare.panel import Panel, panel_keys
from karat.prepare.splits import Splits, plan_splits
from karat.prepare.target import read_target
from karat.prepare.time_order import (
    MIN_CORRELATION,
    calendar_columns,
    moments,
    series_column,
    time_order,
)

LEAST = 12  # definition: records of a short series: a year of months
NUMBERS = 20  # definition: different values of a number that is forecast unasked, as of a target that is no class


class Series(Table):
    """A series or several: records in even steps of time whose target tells the next one's, or that of a season later.

    Without a target, the only number beside a time and a key is what is forecast; a single series needs one named, for
    the checks of its numbers do not judge a target.
    """

    name: ClassVar[str] = "series"
    rank: ClassVar[int] = 50
    also: ClassVar[tuple[str, ...]] = ("table",)

    def recognised(self, sample: Sample) -> str:
        """By what a target tells of later ones, or by rows to come; without a target, by even steps in time."""
        block = _block(sample)
        if block is None or not calendar_columns(block.schema):
            return ""
        if not sample.target:
            return _even(block)
        order = time_order(block, read_target(block))
        if order is not None and order.is_series:
            return order.words
        return _tells(block) if block.schema.task == "regression" else ""

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
        schema = super().roles(sample)
        block = _block(sample)
        number = "" if block is None or schema.target is not None else _only_number(block)
        if not number:
            return schema
        return replace(schema.replacing(replace(schema[number], role=Role.TARGET)), task="regression")

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
    """One moment a record in each series, and steps of one length between them."""
    times, when = calendar_columns(block.schema), moments(block)
    if not block.schema.with_role(Role.TIME) or len(block) < SHAPE_SAMPLE:
        return ""
    keys = panel_keys(block, when)
    number = _only_number(block)
    if keys and not number:
        return ""
    if not keys:
        steps = np.diff(np.sort(when))
        usual = np.median(steps)
        near = np.mean(np.abs(steps - usual) <= usual / 100) if usual > 0 else 0.0
        if near < REGULAR and not (number and _panel(block, number) is not None):
            return ""
    elif _panel(block, number) is None:
        return ""
    each = f", one series for each {' and '.join(map(repr, keys))}" if keys else ""
    return f"even steps in time in column {times[0]!r}{each}" + (f"; {number!r} is forecast" if number else "")


def _only_number(block: Block) -> str:
    """The one column of numbers beside times and keys that tell series apart, where there is no other; ""."""
    if block.schema.target is not None:
        return ""
    calendar = set(calendar_columns(block.schema))
    rest = [column for column in block.schema.features if column.name not in calendar]
    found = [column.name for column in rest if column.role is Role.NUMBER]
    keys = panel_keys(block, moments(block)) if len(found) == 1 else ()
    if not keys or any(column.name not in (*found, *keys) for column in rest):
        return ""
    values = block.numbers(found[0])
    return found[0] if len(np.unique(values[np.isfinite(values)])) > NUMBERS else ""


def _panel(block: Block, target: str) -> Panel | None:
    """The series of a block on even steps; None where the steps are uneven or moments stand there twice."""
    schema = block.schema
    if schema.target is None:
        schema = replace(schema.replacing(replace(schema[target], role=Role.TARGET)), task="regression")
    panel = Panel.of(Block(block.rows, block.table, schema))
    if not panel.pasts or panel.shape.step.unit == RECORDS:
        return None
    known = sum(int(np.isfinite(past.values).sum()) for past in panel.pasts)
    return panel if known >= max(LEAST, REGULAR * panel.records) else None


def _tells(block: Block) -> str:
    """Why a number is a series although hardly a record tells the next one's; "" where it is none."""
    assert block.schema.target is not None
    name = block.schema.target.name
    panel = _panel(block, name)
    if panel is None:
        return ""
    if panel.to_come:
        return f"rows behind the last known {name} name the times that are asked for"
    season = panel.pasts[0].season
    for lag in {1, season}:
        each = [past.correlation(lag) for past in panel.pasts]
        size = sum(len(past.values) for past in panel.pasts)
        if np.mean(each) >= max(MIN_CORRELATION, 4 / np.sqrt(size)):
            later = "the next one's" if lag == 1 else f"that of {lag} steps later"
            return f"a record's {name} predicts {later} (correlation {np.mean(each):.2f})"
    return ""
