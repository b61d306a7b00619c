"""Numbers that the other numbers of their record contradict."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import RecordSample
from karat.core.finding import Dimension, DoesNotApply
from karat.core.record_cells import Doubts, RecordCells
from karat.core.schema import Column, Role, Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.accuracy._conditional import conditional
from karat.quality.accuracy._far_look import FarLook
from karat.quality.accuracy._mechanisms import ScaledRecords, step_of, why, written
from karat.quality.accuracy._witness import Witness

MIN_RECORDS = 200  # unproven: fewer leave bands of less than ten
MAX_COLUMNS = 120  # cost: bounds time; later columns are not asked
STEPS = 24  # equal shares of the records along a witness; unproven: more are thinner
WITNESSES = 3  # cost: bounds time; more tell little more
# rank correlation that makes a column a witness; flat from 0.739 to 0.919 (benchmarks/constants.md): lower believes
# weaker ones
CLOSE = 0.85
FAR = 8.0  # unproven: robust deviations; lower names true extremes
BEYOND, TAIL = 3.0, 0.999  # times what one in a thousand records shows; unproven: lower names true extremes
# of a factor or an exchange: below what is fixed unasked; flat from 0.739 to 0.919 (benchmarks/constants.md) until
# measured on foreign tables
MOST_SURE = 0.85


@dataclass(frozen=True)
class ImplausibleCombinations(Check):
    """A number that lies within its column's range but far from where at least two other columns put it.

    A weight of 30 kg is fine and a height of 190 cm is fine; together they are not. Columns that rise and fall
    together bear witness for each other; one witness alone may itself be the wrong one, so two must agree, and the
    limit follows from how far apart the columns usually are.

    Source: Tukey (1977), Exploratory Data Analysis, for medians along steps; ISO/IEC 5259-2 semantic data accuracy.

    Parameters
    ----------
    close : float
        Rank correlation in [0, 1] from which a column is a witness.
    far : float
        Least distance in robust standard deviations that counts.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "semantic data accuracy"

    close: float = CLOSE
    far: float = FAR

    def applies(self, schema: Schema) -> DoesNotApply | None:
        """Three number columns at least."""
        return None if len(_numbers(schema)) > 2 else DoesNotApply("fewer than three columns of numbers")

    def learn(self, block: Block) -> RecordSample:
        """A sample of whole records."""
        return RecordSample.of(block)

    def judge(self, state: RecordSample, block: Block, before: RecordSample | None = None) -> pa.Table | DoesNotApply:
        """Numbers that two witnesses contradict, and whose witnesses are not contradicted themselves."""
        witnesses = derived(state, f"{self!r} witnesses", lambda: self._witnesses(state, block.schema))
        out = [self.found(0, confidence=0.0, message="")]
        off: dict[str, np.ndarray] = {}
        for name, heard in witnesses.items():
            numbers = block.numbers(name)
            votes = np.stack([witness.contradicts(numbers, block.numbers(witness.column)) for witness in heard])
            off[name] = np.sort(np.nan_to_num(votes), axis=0)[-2]  # what at least two say
        for name, heard in witnesses.items():
            blame = np.max([off.get(witness.column, np.zeros(len(block))) for witness in heard], axis=0)
            at = np.flatnonzero((off[name] > 1) & (off[name] >= blame))
            if not len(at):
                continue
            messages = [_message(heard, block, int(i)) for i in at]
            sure = np.round(np.minimum(0.95, 0.8 + 0.1 * np.log2(off[name][at])), 3)
            out.append(self.found(len(at), row=block.rows[at], column=name, value=block.text(name).take(pa.array(at)),
                                  confidence=sure, message=messages))  # fmt: skip
        return pa.concat_tables([*out, self._explained(state, block)])

    def doubts(self, state: RecordSample, schema: Schema) -> Doubts:
        """Records with a number that two witnesses contradict, or far from where its record puts it."""
        witnesses = derived(state, f"{self!r} witnesses", lambda: self._witnesses(state, schema))
        sample = state.block(schema)
        model = derived(state, "conditional numbers", lambda: conditional(sample, schema))
        steps = {name: step_of(sample.numbers(name)) for name in model.names} if model else {}
        far = FarLook(model, steps) if model else None

        def look(cells: RecordCells) -> list[int]:
            doubted = set(far.doubted(cells) if far else ())
            for name, heard in witnesses.items():
                numbers = cells.numbers(name)
                own = [cells.numbers(witness.column) for witness in heard]
                for at, number in enumerate(numbers):
                    votes = sum(w.may_contradict(number, seen[at]) for w, seen in zip(heard, own, strict=True))
                    if votes > 1:
                        doubted.add(at)
            return sorted(doubted)

        return look

    def _explained(self, state: RecordSample, block: Block) -> pa.Table:
        """Numbers that fit their record once a factor is taken back or two of them are exchanged."""
        sample = derived(state, "sample", lambda: state.block(block.schema))
        model = derived(state, "conditional numbers", lambda: conditional(sample, block.schema))
        blames = ScaledRecords.of(model, block, sample).blamed() if model else []
        cells = [(blame, place) for blame in blames for place in range(len(blame.columns))]
        names = [model.names[blame.columns[place]] for blame, place in cells] if model else []
        values = [block.text(name)[blame.at].as_py() for name, (blame, _) in zip(names, cells, strict=True)]
        steps = {name: step_of(sample.numbers(name)) for name in names}
        return self.found(
            len(cells),
            row=[int(block.rows[blame.at]) for blame, _ in cells],
            column=names,
            value=values,
            suggestion=[written(b.numbers[i], steps[name]) for name, (b, i) in zip(names, cells, strict=True)],
            confidence=[round(min(blame.sure, MOST_SURE), 3) for blame, _ in cells],
            message=[why(model, blame, place) for blame, place in cells] if model else [],
        )

    def _witnesses(self, state: RecordSample, schema: Schema) -> dict[str, list[Witness]]:
        block = state.block(schema)
        names = [column.name for column in _numbers(schema)][:MAX_COLUMNS]
        if len(block) < MIN_RECORDS:
            return {}
        values = {name: block.numbers(name) for name in names}
        names = [name for name in names if _varied(values[name])]
        if len(names) < 3:
            return {}
        ranks = np.stack([_ranks(values[name]) for name in names])
        close = np.abs(np.corrcoef(ranks))
        np.fill_diagonal(close, 0)
        out = {}
        for at, name in enumerate(names):
            order = np.argsort(-close[at], kind="stable")[:WITNESSES]
            heard = [self._heard(names[i], values[name], values[names[i]]) for i in order if close[at, i] >= self.close]
            if len(heard) >= 2:
                out[name] = heard
        return out

    def _heard(self, column: str, numbers: np.ndarray, own: np.ndarray) -> Witness:
        both = np.isfinite(numbers) & np.isfinite(own)
        numbers, own = numbers[both], own[both]
        edges = np.unique(np.quantile(own, np.linspace(0, 1, STEPS + 1)[1:-1]))
        at = np.searchsorted(edges, own)
        middle, spread = np.full(len(edges) + 1, np.nan), np.full(len(edges) + 1, np.nan)
        for step in range(len(edges) + 1):
            here = numbers[at == step]
            if len(here):
                middle[step] = np.median(here)
                spread[step] = 1.4826 * np.median(np.abs(here - middle[step]))
        middle = np.where(np.isfinite(middle), middle, np.median(numbers))
        usual = np.nanmedian(spread)
        floor = max(float(usual) if np.isfinite(usual) else 0.0, 1e-9 * float(np.ptp(numbers)), 1e-12)
        spread = np.maximum(np.nan_to_num(spread), floor)
        off = np.abs(numbers - middle[at]) / spread[at]
        limit = max(self.far, BEYOND * float(np.quantile(off, TAIL - 2 / len(off))))
        return Witness(column, edges, middle, spread, limit)

    def total(self, state: RecordSample, schema: Schema) -> int:
        """Cells of the columns that have two witnesses."""
        witnesses = derived(state, f"{self!r} witnesses", lambda: self._witnesses(state, schema))
        return len(witnesses) * state.records


def _numbers(schema: Schema) -> list[Column]:
    return [column for column in schema if column.numeric and column.role in (Role.NUMBER, Role.TARGET)]


def _varied(values: np.ndarray) -> bool:
    finite = values[np.isfinite(values)]
    return len(finite) >= MIN_RECORDS and len(np.unique(finite)) >= STEPS


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks, missing ones in the middle."""
    missing = ~np.isfinite(values)
    ranks = np.argsort(np.argsort(np.where(missing, np.inf, values), kind="stable"), kind="stable").astype(np.float64)
    ranks[missing] = ranks[~missing].mean()
    return ranks


def _message(heard: list[Witness], block: Block, at: int) -> str:
    parts = []
    for witness in heard:
        own = float(block.numbers(witness.column)[at])
        if np.isfinite(own):
            parts.append(f"{witness.column} {own:g} goes with about {witness.expected(own):g}")
    return "other columns of the record contradict it: " + ", ".join(parts)
