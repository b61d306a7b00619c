"""Records that break an equation which the others keep."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.degrees import ALMOST_ALL
from karat.core.finding import SURE, Dimension, DoesNotApply
from karat.core.record_cells import Doubts
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.consistency._equation_blame import AGREED, OFF_STEP, ONE, SHARED, AskedCell, Usual, simple, solved
from karat.quality.equation_search import equations_of
from karat.quality.equations import Equation, arithmetic_columns
from karat.quality.sampled import Sampled

ONE_SIDED = 0.4  # unproven: a break is an error; where all breaks lie to one side, a term may be missing
TRUST = 0.97  # flat from 0.942 to 0.985 (benchmarks/constants.md): see ONE_SIDED
FEW_BREAKS = 8  # unproven: fewer lie on one side by chance
SIDE = 0.9  # flat from 0.818 to 0.947 (benchmarks/constants.md): see FEW_BREAKS
# roundings by which a record may miss an equation before it breaks it; 4 does
# as well, 1 worse (benchmarks/constants.md)
ROOM = 2.0
LEAST = 0.15  # display: less sure is not told
UNSURE = 0.85  # at most, where nothing but one digit or the usual range shows which cell it is; unproven
TWICE = "two equations ask for it"


@dataclass(frozen=True)
class BrokenEquations(Check):
    """Numbers of records that break a sum, a product, a ratio or an interval which the other records keep.

    A total that is not the sum of its parts has one wrong cell. Cells that keep another equation are right. Of the
    others the likeliest is named: the one whose value would have to change in a simple way (sign, power of ten, two
    digits exchanged), the one that two broken equations have in common, or the one that lies where the column's
    numbers do not. Where nothing tells them apart, all stay suspicions.

    Source: Fellegi & Holt (1976), A systematic approach to automatic edit and imputation, JASA 71(353).
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "semantic consistency of numbers"
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})

    def applies(self, schema: Schema) -> DoesNotApply | None:
        """Two columns of numbers or times at least."""
        return None if len(arithmetic_columns(schema)) > 1 else DoesNotApply("fewer than two columns of numbers")

    def learn(self, block: Block) -> Sampled:
        """A sample of whole records."""
        return Sampled.of(block)

    def judge(self, state: Sampled, block: Block, before: Sampled | None = None) -> pa.Table | DoesNotApply:
        """The likeliest wrong cells of records that break an equation."""
        equations = equations_of(state)
        broken = {equation: breaks(equation, block) for equation in equations}
        kept = {equation: equation.holds(block) for equation in equations}
        cells: list[tuple[int, str, str | None, float, str]] = []
        for at in np.flatnonzero(np.any(list(broken.values()), axis=0)).tolist() if equations else ():
            here = [equation for equation in equations if broken[equation][at]]
            right = {name for equation in equations if kept[equation][at] for name in equation.columns}
            cells += [(at, *blamed) for blamed in self._blamed(state, block, at, here, right)]
        rows, columns, values, sure, messages = (list(part) for part in zip(*cells, strict=True)) if cells else [[]] * 5
        return self.found(
            len(cells),
            row=block.rows[rows] if rows else [],
            column=columns,
            value=[block.text(name)[at].as_py() for at, name in zip(rows, columns, strict=True)],
            suggestion=values,
            confidence=sure,
            message=messages,
        )

    def doubts(self, state: Sampled, schema: Schema) -> Doubts | None:
        """No record where no equation holds."""
        return None if equations_of(state) else lambda _: ()

    def _blamed(
        self, state: Sampled, block: Block, at: int, here: list[Equation], right: set[str]
    ) -> Iterator[tuple[str, str | None, float, str]]:
        """Column, value to write, confidence and evidence for the cells of one record."""
        asked: dict[str, list[AskedCell]] = defaultdict(list)
        for equation in here:
            values = solved(equation, block, at)
            for column in values.keys() - right or values.keys():
                asked[column].append(values[column])
        cases = {column: _weighed(state, block, at, column, some) for column, some in asked.items()}
        for equation in here:
            rivals = sorted(column for column in cases if column in equation.columns)
            column = max(rivals, key=lambda name: cases[name].odds, default="")
            if not column or asked[column][0].equation is not equation:
                continue
            case = cases[column]
            share = case.odds / sum(cases[name].odds for name in rivals)
            sure = round(share * min(_trust(state, equation), UNSURE if case.reason in ("", ONE) else 1.0), 3)
            if sure >= LEAST:
                text = written(state, column, case.true) if share >= SURE and case.reason else None
                yield column, text, sure, _evidence(state, equation, asked[column][0].value, case.reason)

    def total(self, state: Sampled, schema: Schema) -> int:
        """Cells of the columns that stand in an equation."""
        return len({name for equation in equations_of(state) for name in equation.columns}) * state.sample.records


def breaks(equation: Equation, block: Block) -> np.ndarray:
    """Which records miss an equation by more than any rounding; (n,) bool."""
    rounded = Equation(equation.target, equation.terms, equation.constant, equation.kind, rounded=True)
    residual = equation.residual(block)
    with np.errstate(invalid="ignore"):
        wide: np.ndarray = np.abs(residual) > ROOM * rounded.tolerance(block)
    return wide & np.isfinite(residual)


def _trust(state: Sampled, equation: Equation) -> float:
    """The chance that a record which breaks the equation holds an error."""

    def make() -> float:
        off = equation.residual(state.block)[breaks(equation, state.block)]
        one_sided = len(off) >= FEW_BREAKS and max((off > 0).mean(), (off < 0).mean()) >= SIDE
        return ONE_SIDED if one_sided else TRUST

    return derived(state, f"trust {equation}", make)


@dataclass(frozen=True)
class BrokenCase:
    """The case against one cell: its odds against the others, what should stand there, and why."""

    odds: float
    true: str
    reason: str


def _weighed(state: Sampled, block: Block, at: int, column: str, asked: list[AskedCell]) -> BrokenCase:
    """How likely a cell is the wrong one, against the others of its equations."""
    first = asked[0]
    now = float(block.numbers(column)[at])
    step = next((t.step for t in (first.equation.target, *first.equation.terms) if t.column == column), 0.0)
    usual = derived(state, f"usual {column}", lambda: Usual.of(state.block.numbers(column), step))
    text = block.text(column)[at].as_py().strip().replace(state.schema[column].decimal, ".")
    odds, reason, true = simple(text, first.value, first.slack)
    fits = usual.odds(now, float(true))
    if fits < OFF_STEP:  # no such number stands in the column
        odds, reason = 1.0, ""
    odds *= fits
    if len(asked) > 1:
        room = [other.slack + first.slack + 1e-6 * abs(now) for other in asked]
        same = all(abs(other.value - first.value) <= off for other, off in zip(asked, room, strict=True))
        odds *= AGREED if same else SHARED
        reason = (reason if reason not in ("", ONE) else TWICE) if same else ""
    return BrokenCase(odds, true, reason)


def _evidence(state: Sampled, equation: Equation, then: float, reason: str) -> str:
    kept, judged = derived(
        state,
        f"kept {equation}",
        lambda: (int(equation.holds(state.block).sum()), int(equation.judged(state.block).sum())),
    )
    sample = "" if state.whole else "sampled "
    message = f"{equation} holds in {kept:,} of {judged:,} {sample}records; here it asks for {then:.10g}"
    return f"{message} ({reason})" if reason else message


def written(state: Sampled, column: str, number: str) -> str:
    """A number's text (with a decimal point) as the column writes its numbers."""

    def make() -> int:
        mark = state.schema[column].decimal
        texts = [text for text in state.block.text(column).to_pylist() if text]
        counts = Counter(len(text.partition(mark)[2]) for text in texts)
        usual, cells = counts.most_common(1)[0]
        if cells >= ALMOST_ALL * len(texts):
            return usual
        kept = sum(text.endswith(f"{mark}0") for text in texts)  # 19.0, where others write 19
        return int(counts[0] < kept)

    least = derived(state, f"digits {column}", make)
    whole, _, behind = number.partition(".")
    behind = behind.rstrip("0").ljust(least, "0")
    return f"{whole}{state.schema[column].decimal}{behind}" if behind else whole
