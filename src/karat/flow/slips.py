"""Errors of our own in a few records, to learn how many of them the checks find in this very table."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.quality.by_value import judged_columns

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# definition: SI brochure; inch, pound, mile, hour, foot
FACTORS = (1000.0, 0.001, 2.54, 0.45359237, 1.609344, 60.0, 0.3048, 100.0)
SHORT = 3  # unproven: characters; a shorter value is seldom written wrongly
CROWDED = 6  # unproven: columns for each error of a record; more in one record hide each other
# How often each kind occurs in proportion to the others. Chosen with benchmarks/score_tracking.py on two planters,
# a quarter of 88 tables left out in turn. Nothing shows a value exchanged with another record's: its share is a guess.
WEIGHTS = {
    "letter": 1.0,
    "digit": 1.0,
    "point": 1.0,
    "sign": 0.7,
    "unit": 0.5,
    "moved": 1.2,  # exchanged with another column's
    "exchanged": 0.1,  # replaced by another record's
}
OF_TEXT, OF_NUMBERS = ("letter", "moved", "exchanged"), ("digit", "point", "sign", "unit", "moved", "exchanged")
ANYWHERE = frozenset({"moved", "exchanged"})  # short values too


@dataclass(frozen=True)
class Slip:
    """One error: at which position of the block, in which column, of which kind."""

    at: int
    column: str
    kind: str


def planted(block: Block, names: list[str], seed: int = 0) -> tuple[Block, list[Slip]]:
    """The records with a few errors each in some columns, none of them in a blank, and what they are.

    A value exchanged with another column's spoils that one too.
    """
    chance = np.random.default_rng(seed)
    cells = {column.name: block.text(column.name).to_pylist() for column in judged_columns(block.schema)}
    every = list(cells)
    spoilt = {name: list(texts) for name, texts in cells.items()}
    turns = {name: int(chance.integers(len(WEIGHTS))) for name in names}
    slips: list[Slip] = []
    queue: list[str] = []
    for at in range(len(block)):
        used: set[str] = set()
        for _ in range(max(1, len(names) // CROWDED)):
            queue = queue or [names[i] for i in chance.permutation(len(names))]
            name = queue.pop()
            text = cells[name][at]
            if text is None or name in used:
                continue
            kinds = _kinds(text)
            kind = kinds[turns[name] % len(kinds)]
            turns[name] += 1
            after, other = _after(cells, every, name, at, kind, chance)
            if not after or after == text or other in used:
                continue
            for column, value in ((name, after), (other, text)) if other else ((name, after),):
                spoilt[column][at] = value
                slips.append(Slip(at, column, kind))
                used.add(column)
    arrays = {name: pa.array(texts, pa.string()) for name, texts in spoilt.items()}
    columns = [arrays.get(name, block.table.column(name)) for name in block.table.column_names]
    return Block(block.rows, pa.table(columns, names=block.table.column_names), block.schema), slips


def _kinds(text: str) -> tuple[str, ...]:
    """The kinds of error that a value can have."""
    return OF_TEXT if number(text) is None else OF_NUMBERS


def _after(
    cells: dict[str, list[str | None]], names: list[str], name: str, at: int, kind: str, chance: np.random.Generator
) -> tuple[str | None, str]:
    """The wrong value of a cell, and the column that it was exchanged with, if any."""
    text = cells[name][at] or ""
    if kind == "exchanged":
        return cells[name][int(chance.integers(len(cells[name])))], ""
    if kind == "moved":
        other = names[int(chance.integers(len(names)))]
        return cells[other][at], other
    return SLIPS[kind](text, chance) if len(text) >= SHORT else None, ""


def number(text: str) -> float | None:
    """The finite number that a text is, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _letter(text: str, chance: np.random.Generator) -> str:
    at, letter = int(chance.integers(len(text))), LETTERS[int(chance.integers(len(LETTERS)))]
    before, here, behind = text[:at], text[at], text[at + 1 :]
    ways = (before + letter + behind, before + behind, before + letter + here + behind)
    return (*ways, before + behind[:1] + here + behind[1:])[int(chance.integers(4))]


def _digit(text: str, chance: np.random.Generator) -> str:
    digits = [at for at, letter in enumerate(text) if letter.isdigit()]
    at = digits[int(chance.integers(len(digits)))]
    ways = (text[:at] + text[at + 1 :], text[: at + 1] + text[at:])
    return (*ways, text[:at] + str(int(chance.integers(10))) + text[at + 1 :])[int(chance.integers(3))]


def _scaled(text: str, factor: float, digits: int) -> str:
    return f"{(number(text) or 0.0) * factor:.{digits}g}"


def _sign(text: str, _chance: np.random.Generator) -> str:
    return text[1:] if text.startswith("-") else "-" + text.lstrip("+")


SLIPS: dict[str, Callable[[str, np.random.Generator], str]] = {
    "letter": _letter,
    "digit": _digit,
    "point": lambda text, chance: _scaled(text, (0.1, 10.0, 100.0)[int(chance.integers(3))], 10),
    "sign": _sign,
    "unit": lambda text, chance: _scaled(text, FACTORS[int(chance.integers(len(FACTORS)))], 6),
}
