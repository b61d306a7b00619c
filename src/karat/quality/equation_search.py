"""The search for equations: which of the candidates stand, each adding something to those before it."""

import numpy as np

from karat.core.block import Block
from karat.core.schema import Schema
from karat.core.state import derived
from karat.quality.equation_columns import REGULAR, columns_of
from karat.quality.equation_pairs import intervals, pairs, parts_of_dates
from karat.quality.equation_proof import confined
from karat.quality.equation_sums import products, runs, sums, triples
from karat.quality.equations import Equation
from karat.quality.sampled import Sampled

SETTLED = 0.99  # unproven: of the records keep it: no longer equation is looked for
FEW_LEVELS, BINS = 50, 8  # unproven: different values of a column that parts are made of; parts by quantiles else


def equations_of(state: Sampled) -> tuple[Equation, ...]:
    """The equations that a sample of records keeps, the surest first; searched once per state."""
    return derived(state, "equations", lambda: search(state.block, state.schema))


def derived_columns(state: Sampled) -> frozenset[str]:
    """Columns that others give exactly: they are no evidence in models of dependencies, outliers and duplicates."""
    return frozenset(equation.target.column for equation in equations_of(state))


def search(block: Block, schema: Schema) -> tuple[Equation, ...]:
    """Equations between the columns of a block, the surest first; each adds something to those before it."""
    columns = columns_of(block, schema)
    if len(columns.terms) < 2:
        return ()
    copies = pairs(columns)
    copied = {equation.target.column for equation in copies} - {
        term.column for equation in copies for term in equation.terms
    }
    rest = columns.only([at for at, term in enumerate(columns.terms) if term.column not in copied])
    equations = _independent([*copies, *parts_of_dates(columns), *intervals(columns), *triples(rest), *products(rest)])
    several = runs(rest) + sums(rest, {equation.target.column for equation in equations if equation.share >= SETTLED})
    return tuple(equation for equation in _independent([*equations, *several]) if not _in_part_only(equation, block))


def _in_part_only(equation: Equation, block: Block) -> bool:
    """Does it hold for some values of another column only, as a rule of one source or group?"""
    judged = equation.judged(block)
    kept = equation.holds(block)[judged]
    if kept.all():
        return False
    marks = [_parts(block, name)[judged] for name in block.schema.names if name not in equation.columns]
    return confined(kept, [codes for codes in marks if codes.max(initial=-1) > 0])


def _parts(block: Block, name: str) -> np.ndarray:
    """Codes of a column's values, or of eighths of its numbers; -1 where missing."""

    def make() -> np.ndarray:
        if block.schema[name].type == "binary":
            return np.full(len(block), -1)
        codes, texts = block.coded(name)
        if len(texts) <= FEW_LEVELS:
            return codes
        numbers = block.numbers(name)
        if np.isfinite(numbers).mean() < REGULAR / 2:
            return np.full(len(block), -1)
        edges = np.unique(np.nanquantile(numbers, np.linspace(0, 1, BINS + 1)[1:-1]))
        return np.where(np.isfinite(numbers), np.searchsorted(edges, numbers), -1)

    return block.memo(("parts", name), make)


def _independent(equations: list[Equation]) -> list[Equation]:
    """Equations that do not follow from those before them, the surest first."""
    order = sorted(
        equations, key=lambda candidate: (-round(candidate.share, 2), len(candidate.terms), candidate.rounded)
    )
    out: list[Equation] = []
    for equation in order:
        part = any(set(equation.columns) < set(other.columns) for other in out)  # the longer one keeps more records
        if not part and not _follows(equation, out):
            out.append(equation)
    return out


def _follows(equation: Equation, known: list[Equation]) -> bool:
    """Is the equation a combination of known ones of its sort (linear, or in logarithms)?"""
    alike = [
        other for other in known if (other.kind == "product") == (equation.kind == "product") or other.kind == "copy"
    ]
    names = sorted({(t.column, t.part) for formula in (*alike, equation) for t in (formula.target, *formula.terms)})
    rows = np.zeros((len(alike) + 1, len(names)))
    for row, formula in enumerate((*alike, equation)):
        rows[row, names.index((formula.target.column, formula.target.part))] -= 1
        for term in formula.terms:
            rows[row, names.index((term.column, term.part))] += term.factor
    return bool(np.linalg.matrix_rank(rows, tol=1e-6) <= (np.linalg.matrix_rank(rows[:-1], tol=1e-6) if alike else 0))
