"""A column that knows the answer."""

import re
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import RecordSample
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Column, Role, Schema
from karat.core.state import derived
from karat.core.unit import Check

MIN_RECORDS = 60  # unproven: fewer tell by chance
BANDS = 64  # unproven: finer bands fit chance
# of what can be known of the target; flat from 0.99 to 0.997 (benchmarks/constants.md): lower names good columns
GIVEN_AWAY = 0.995
STRONG = 0.9  # unproven: the same where it stands far ahead, or its gaps tell
FAR_AHEAD = 0.35  # unproven: of the next best column; lower names good columns


@dataclass(frozen=True)
class TargetLeakage(Check):
    """Columns that tell the target nearly alone, or by being filled at all.

    A reason for refusal, a date of default, a case number given after the event: such a column stands in the table
    because the outcome was known, and will be empty when the model is asked. Scores then look splendid, and fall.
    Each column is judged alone on records it was not fitted on (two halves by the hash of the record): its
    value first, then whether it is blank; of an identifier the letters that it begins with.

    Source: Kaufman, Rosset & Perlich (2012), Leakage in data mining, ACM TKDD 6.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    at_the_door: ClassVar[bool] = False
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return None if schema.target and _judged(schema) else DoesNotApply("no target, or no column to learn from")

    def learn(self, block: Block) -> RecordSample:
        return RecordSample.of(block)

    def conclude(self, state: RecordSample, schema: Schema) -> pa.Table:
        """One finding for each column that gives the target away, or lies far ahead of all others."""
        known = derived(state, f"leakage {schema.key}", lambda: knowledge(state.block(schema)))
        by_value = sorted((value for value, _ in known.values()), reverse=True)
        rows, named = [], {column.name for column in schema.with_role(Role.ID)}
        for name, (value, gaps) in known.items():
            second = by_value[1] if len(by_value) > 1 and value == by_value[0] else by_value[0]
            if gaps >= STRONG:
                said = f"whether it is blank tells {gaps:.1%} of what can be known of the target"
                rows.append((name, 0.85, f"{said}: it seems to be filled after the outcome"))
            elif value >= GIVEN_AWAY:
                who = "the letters it begins with tell" if name in named else "alone it tells"
                rows.append((name, 0.8, f"{who} {value:.1%} of what can be known of the target"))
            elif value >= STRONG and value - second >= FAR_AHEAD:
                said = f"alone it tells {value:.1%} of what can be known of the target, the next column {second:.1%}"
                rows.append((name, 0.45, f"{said}: was it known before the outcome?"))
        messages = [f"{said}; leave it out unless it is known when the model is asked" for _, _, said in rows]
        names, sure = [name for name, _, _ in rows], [confidence for _, confidence, _ in rows]
        return self.found(len(rows), column=names, confidence=sure, message=messages)


def _judged(schema: Schema) -> tuple[Column, ...]:
    named = tuple(column for column in schema.with_role(Role.ID) if column.type == "string")
    return (*schema.with_role(Role.NUMBER, Role.CATEGORY, Role.TIME), *named)


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
        value = _share_known(code[known], goal, half)
        gaps = blank[known]
        out[column.name] = (
            value,
            _share_known(gaps.astype(np.int64), goal, half) if gaps.any() and not gaps.all() else 0.0,
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
    if column.role is Role.ID:
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
    few = len(distinct) <= BANDS
    edges = distinct[1:] if few else np.unique(np.quantile(finite, np.arange(1, BANDS) / BANDS))
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


def _share_known(code: np.ndarray, goal: np.ndarray, half: np.ndarray) -> float:
    """What codes tell of the goals in the half they were not counted on."""
    size = int(code.max()) + 1
    worst = 1.0
    for wanted in goal:
        said = np.empty(len(wanted))
        for side in (half, ~half):
            mean = wanted[~side].mean() if (~side).any() else 0.0
            weight = np.bincount(code[~side], minlength=size) + 1.0
            total = np.bincount(code[~side], wanted[~side] - mean, size)
            said[side] = (mean + total / weight)[code[side]]
        worst = min(worst, _agreement(said, wanted))
    return max(0.0, worst)


def _agreement(said: np.ndarray, wanted: np.ndarray) -> float:
    if set(np.unique(wanted).tolist()) == {0.0, 1.0}:
        order = np.argsort(said, kind="stable")
        ranks = np.empty(len(said))
        _, at, size = np.unique(said[order], return_inverse=True, return_counts=True)
        ranks[order] = (np.cumsum(size) - (size - 1) / 2)[at]
        yes = wanted == 1
        n, m = int(yes.sum()), int((~yes).sum())
        return float(2 * (ranks[yes].sum() - n * (n + 1) / 2) / (n * m) - 1)
    spread = float(((wanted - wanted.mean()) ** 2).sum())
    return 1 - float(((wanted - said) ** 2).sum()) / spread if spread else 0.0
