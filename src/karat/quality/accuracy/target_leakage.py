"""A column that knows the answer."""

import re
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import RecordSample
from karat.core.degrees import ALMOST_ALL
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Column, Role, Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.accuracy._share_known import share_known
from karat.quality.accuracy._telling_values import TellingValue, telling_values

MIN_RECORDS = 60  # unproven: fewer tell by chance
BANDS = 64  # unproven: finer bands fit chance
# of what can be known of the target; flat from 0.99 to 0.997 (benchmarks/constants.md): lower names good columns
GIVEN_AWAY = 0.995
# of what can be known of the target, told by the order of case numbers (benchmarks/planted_leaks.md)
IN_ORDER = 0.8
DISTINCT = 0.98  # of whole numbers, which then number the records (benchmarks/planted_leaks.md)
FAR_AHEAD = 0.35  # unproven: of the next best column; lower names good columns


@dataclass(frozen=True)
class TargetLeakage(Check):
    """Columns that tell the target nearly alone, or by being filled at all.

    A reason for refusal, a date of default, a case number given after the event: such a column stands in the table
    because the outcome was known, and will be empty when the model is asked. Scores then look splendid, and fall.
    Each column is judged alone on records it was not fitted on (two halves by the hash of the record): its
    value first, then whether it is blank; of an identifier the letters that it begins with, or its order. Then single
    values: a status that only one outcome has, an amount other than 0 only where it came true, gaps filled with the
    mean of their class, and a column that is the outcome by another name.

    Source: Kaufman, Rosset & Perlich (2012), Leakage in data mining, ACM TKDD 6.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    at_the_door: ClassVar[bool] = False
    leaks: ClassVar[bool] = True
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return None if schema.target and _judged(schema) else DoesNotApply("no target, or no column to learn from")

    def learn(self, block: Block) -> RecordSample:
        return RecordSample.of(block)

    def conclude(self, state: RecordSample, schema: Schema) -> pa.Table:
        """One finding for each column that gives the target away, or lies far ahead of all others."""
        block = state.block(schema)
        known = derived(state, f"leakage {schema.key}", lambda: knowledge(block))
        said = _whole_columns(block, known)
        for telling in _by_values(block):
            if telling.confidence >= said.get(telling.column, (0.0, ""))[0]:
                said[telling.column] = (telling.confidence, telling.evidence)
        messages = [f"{text}; leave it out unless it is known when the model is asked" for _, text in said.values()]
        return self.found(
            len(said), column=list(said), confidence=[sure for sure, _ in said.values()], message=messages
        )


def _whole_columns(block: Block, known: dict[str, tuple[float, float]]) -> dict[str, tuple[float, str]]:
    """By column (confidence, evidence) where all of its values, or all of its gaps, tell the target."""
    by_value = sorted((value for value, _ in known.values()), reverse=True)
    out: dict[str, tuple[float, str]] = {}
    for name, (value, gaps) in known.items():
        column, what = block.schema[name], "of what can be known of the target"
        second = by_value[1] if len(by_value) > 1 and value == by_value[0] else by_value[0]
        if gaps >= ALMOST_ALL:
            out[name] = 0.85, f"whether it is blank tells {gaps:.1%} {what}: it seems to be filled after the outcome"
        elif value >= IN_ORDER and _numbers_records(block, column):
            evidence = f"the order of its numbers tells {value:.1%} {what}"
            out[name] = 0.7, f"{evidence}: it was given after the outcome, or the file is sorted by it"
        elif value >= GIVEN_AWAY:
            who = "the letters it begins with tell" if _lettered(column) else "alone it tells"
            out[name] = 0.8, f"{who} {value:.1%} {what}"
        elif value >= ALMOST_ALL and value - second >= FAR_AHEAD:
            evidence = f"alone it tells {value:.1%} {what}, the next column {second:.1%}"
            out[name] = 0.45, f"{evidence}: was it known before the outcome?"
    return out


def _by_values(block: Block) -> list[TellingValue]:
    """What single values tell, of classes."""
    goals = _goals(block)
    if goals is None or block.schema.task == "regression":
        return []
    target = block.schema.target
    assert target is not None
    columns = block.schema.with_role(Role.NUMBER, Role.CATEGORY, Role.TIME)
    return telling_values(block, columns, block.encoded(target.name)[0][goals[1]], goals[1])


def _lettered(column: Column) -> bool:
    return column.role is Role.ID and column.type == "string"


def _numbers_records(block: Block, column: Column) -> bool:
    """Whole numbers of which hardly one occurs twice."""
    if column.type not in ("int64", "uint64") or not len(block):
        return False
    return len(np.unique(block.encoded(column.name)[0])) >= DISTINCT * len(block)


def _judged(schema: Schema) -> tuple[Column, ...]:
    return schema.with_role(Role.NUMBER, Role.CATEGORY, Role.TIME, Role.ID)


def knowledge(block: Block) -> dict[str, tuple[float, float]]:
    """By column, how much of the target its value and its gaps tell, in [0, 1]; records without a target left out.

    For numbers the share of variance; for classes twice the area under the ROC curve less 1, the worst class of
    more than two.
    """
    goals = _goals(block)
    if goals is None:
        return {}
    goal, known = goals
    half = (block.keys & np.uint64(1)).astype(bool)[known]
    out = {}
    for column in _judged(block.schema):
        code, blank = _bands(block, column)
        value = share_known(code[known], goal, half)
        gaps = blank[known]
        out[column.name] = (
            value,
            share_known(gaps.astype(np.int64), goal, half) if gaps.any() and not gaps.all() else 0.0,
        )
    return out


def _goals(block: Block) -> tuple[np.ndarray, np.ndarray] | None:
    """(g, m) numbers to tell, one row a class or the number itself, of the (n,) bool records that have a target."""
    target = block.schema.target
    if target is None:
        return None
    if block.schema.task == "regression":
        values = block.numbers(target.name)
        known = np.isfinite(values)
        return (values[None, known], known) if known.sum() >= MIN_RECORDS and np.ptp(values[known]) > 0 else None
    codes = np.where(block.missing(target.name), -1, block.encoded(target.name)[0])
    known = codes >= 0
    sizes = np.bincount(codes[known]) if known.any() else np.zeros(0)
    classes = np.flatnonzero(sizes >= MIN_RECORDS // 6)
    if known.sum() < MIN_RECORDS or not 2 <= len(classes) <= BANDS:
        return None
    return (codes[known][None, :] == classes[-1 if len(classes) == 2 else slice(None), None]).reshape(
        -1, int(known.sum())
    ).astype(np.float64), known


def _bands(block: Block, column: Column) -> tuple[np.ndarray, np.ndarray]:
    """A small code of each record's value (n,), and whether it is blank (n,)."""
    blank = block.missing(column.name)
    if _lettered(column):
        return _beginnings(block, column), blank
    if column.role is Role.CATEGORY:
        return np.where(blank, -1, block.encoded(column.name)[0]).astype(np.int64) + 1, blank
    if column.role is Role.TIME:
        times = block.times(column.name).astype("datetime64[us]")
        values = np.where(np.isnat(times), np.nan, times.astype(np.int64).astype(np.float64))
    else:
        values = block.numbers(column.name)
    finite = values[np.isfinite(values)]
    distinct = np.unique(finite)
    bands = max(8, min(BANDS, len(finite) // 20))
    few = len(distinct) <= bands
    edges = distinct[1:] if few else np.unique(np.quantile(finite, np.arange(1, bands) / bands))
    return np.where(np.isfinite(values), np.searchsorted(edges, values, side="right") + 1, 0), blank


def _beginnings(block: Block, column: Column) -> np.ndarray:
    """(n,) a code of the letters before the first digit; all alike where there are more kinds than ``BANDS``."""
    codes, values = block.encoded(column.name)
    begin = [re.split(r"\d", str(value), maxsplit=1)[0] for value in values]
    kinds = {text: at for at, text in enumerate(dict.fromkeys(begin))}
    if len(kinds) > BANDS:
        return np.zeros(len(codes), np.int64)
    of_value = np.array([kinds[text] for text in begin] + [-1], np.int64)
    return np.where(block.missing(column.name), -1, of_value[codes]) + 1
