"""Equations between the columns of a table: sums, differences, products, ratios, rescaled and rounded copies.

A column that others give exactly carries no evidence of its own: it leaves the models of dependencies, outliers and
duplicates. A record that keeps an equation is right in all of its cells; one that breaks it is wrong in one of them.
"""

from dataclasses import dataclass

import numpy as np

from karat.core.block import Block
from karat.core.schema import Role, Schema

DAY_US = 86_400_000_000.0  # definition: microseconds of a day
# print of R shows seven digits (R manual, options: digits): relative: what is left of a sum of printed floats (R and
# spreadsheets print seven digits)
EXACT = 1e-6


@dataclass(frozen=True)
class Term:
    """One column of an equation.

    Parameters
    ----------
    factor : float
        What it is multiplied by in a linear equation; its exponent in a product.
    step : float
        The step its numbers are rounded to; 0 where none shows.
    part : str
        Of a column of times: "days" since 1970, or the "year", "month" or "day" of its date; "" for numbers.
    """

    column: str
    factor: float
    step: float
    part: str = ""

    def values(self, block: Block) -> np.ndarray:
        """(n,) float64, NaN where missing."""
        return part_of(block, self.column, self.part)


@dataclass(frozen=True)
class Equation:
    """``target = constant + sum(factor * column)``, or ``target = constant * product(column ** factor)``.

    Parameters
    ----------
    target : Term
        The derived column, its factor 1.
    kind : str
        "copy", "scale", "sum" (differences too), "product" (ratios too).
    rounded : bool
        It holds up to the steps that all of its columns are rounded to, not to the digit.
    share : float
        Of the sampled records in which all columns are filled, those that keep it.
    records : int
        Sampled records in which all columns are filled.
    """

    target: Term
    terms: tuple[Term, ...]
    constant: float
    kind: str
    rounded: bool
    share: float = 1.0
    records: int = 0

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column in it, the target first."""
        return (self.target.column, *(term.column for term in self.terms))

    def predicted(self, block: Block) -> np.ndarray:
        """What the terms give for the target (n,), NaN where one is missing."""
        return self.given_by([term.values(block) for term in self.terms])

    def given_by(self, values: list[np.ndarray]) -> np.ndarray:
        """What the terms give for the target when they have the given values."""
        out = np.full_like(values[0], self.constant)
        for term, value in zip(self.terms, values, strict=True):
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                out = out * value**term.factor if self.kind == "product" else out + term.factor * value
        return np.where(np.isfinite(out), out, np.nan)

    def residual(self, block: Block) -> np.ndarray:
        """Target less what the terms give (n,), NaN where one of the columns is missing."""
        return self.target.values(block) - self.predicted(block)

    def tolerance(self, block: Block) -> np.ndarray:
        """How far off (n,) the rounding of the columns may leave the target."""
        return self.slack([term.values(block) for term in self.terms], self.target.values(block))

    def slack(self, values: list[np.ndarray], target: np.ndarray) -> np.ndarray:
        """``tolerance`` for given values of the terms and the target."""
        half = [term.step / 2 for term in self.terms]
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.kind == "product":
                size = np.abs(self.given_by(values))
                base = EXACT * size
                room = sum(
                    np.abs(term.factor) * size * h / np.abs(value)
                    for term, h, value in zip(self.terms, half, values, strict=True)
                )
            else:
                parts = [np.abs(term.factor * value) for term, value in zip(self.terms, values, strict=True)]
                base = EXACT * (sum(parts) + abs(self.constant) + np.abs(target))
                room = np.full_like(target, sum(abs(term.factor) * h for term, h in zip(self.terms, half, strict=True)))
        return base + (room + self.target.step / 2) * (1 + EXACT) if self.rounded else base

    def judged(self, block: Block) -> np.ndarray:
        """Which records have all of its columns filled; (n,) bool."""
        judged: np.ndarray = np.isfinite(self.residual(block))
        return judged

    def holds(self, block: Block) -> np.ndarray:
        """Which records keep the equation; (n,) bool, False where a column is missing."""
        residual = self.residual(block)
        with np.errstate(invalid="ignore"):
            kept: np.ndarray = np.abs(residual) <= self.tolerance(block)
        return kept & np.isfinite(residual)

    def __str__(self) -> str:
        signs = [f"{_number(self.constant)}"] if self.constant != (1.0 if self.kind == "product" else 0.0) else []
        for term in self.terms:
            name = f"{term.part} of {term.column}" if term.part not in ("", "days") else term.column
            if self.kind == "product":
                signs.append(("/ " if term.factor < 0 else "× ") + name + _power(abs(term.factor)))
            else:
                size = "" if abs(term.factor) == 1 else f"{_number(abs(term.factor))} × "
                signs.append(("- " if term.factor < 0 else "+ ") + size + name)
        right = " ".join(signs).removeprefix("+ ").removeprefix("× ")
        return f"{self.target.column} = {'1 ' if right.startswith('/ ') else ''}{right}"


def _power(exponent: float) -> str:
    return "" if exponent == 1 else f"^{exponent:g}"


def _number(value: float) -> str:
    return f"{value:.10g}"


def part_of(block: Block, column: str, part: str) -> np.ndarray:
    """A column's numbers, or a part of its dates, (n,) float64, NaN where missing."""
    if not part:
        return block.numbers(column)
    times = block.times(column)
    known = ~np.isnat(times)
    micros = times.astype("datetime64[us]").astype(np.int64).astype(np.float64)
    if part == "days":
        return np.where(known, micros / DAY_US, np.nan)
    out = calendar(np.where(known, times.astype("datetime64[D]"), np.datetime64(0, "D")))[part]
    return np.where(known, out, np.nan)


def calendar(dates: np.ndarray) -> dict[str, np.ndarray]:
    """Year, month and day of dates (n,) datetime64[D], each (n,) float64."""
    years, months = dates.astype("datetime64[Y]").astype(np.int64), dates.astype("datetime64[M]").astype(np.int64)
    days = (dates - dates.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    parts = {"year": years + 1970, "month": months - 12 * years + 1, "day": days + 1}
    return {part: values.astype(np.float64) for part, values in parts.items()}


def arithmetic_columns(schema: Schema) -> list[tuple[str, str]]:
    """The columns that can stand in an equation, each with its part; see ``Term``."""
    out = []
    for column in schema:
        if column.role in (Role.IGNORE, Role.ID, Role.IMAGE, Role.SOURCE):
            continue
        if column.numeric:
            out.append((column.name, ""))
        elif column.type == "timestamp":
            out.append((column.name, "days"))
    return out
