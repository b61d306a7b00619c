"""Slices of the test records, named before any score is seen: a mean can rise while one part of the world loses."""

from dataclasses import dataclass

import numpy as np

from karat.core.block import Block
from karat.core.degrees import SELDOM
from karat.core.schema import Role
from karat.evaluate.slices import MIN_RECORDS

MAX_SLICES = 24  # unproven: more show more, and each is judged more strictly for it (Holm)
MAX_VALUES = 8  # cost: values of a column beyond its commonest are not looked at


@dataclass(frozen=True, eq=False)
class Slice:
    """A part of the records.

    Parameters
    ----------
    name : str
        In words, e.g. ``age < 26``.
    mask : ndarray of bool, shape (n,)
    """

    column: str
    name: str
    mask: np.ndarray


def slices(block: Block) -> list[Slice]:
    """Up to ``MAX_SLICES`` slices: values of categories, groups and sources, and thirds of numbers.

    Sources and groups come first, then categories by how few values they have, then numbers, in schema order.
    """
    by_values: list[Slice] = []
    for roles in ((Role.SOURCE, Role.GROUP), (Role.CATEGORY,)):
        for column in block.schema.with_role(*roles):
            by_values += _of_values(block, column.name)
    room = MAX_SLICES // 3
    by_numbers = [part for column in block.schema.with_role(Role.NUMBER) for part in _of_thirds(block, column.name)]
    return by_values[: MAX_SLICES - min(room, len(by_numbers))] + by_numbers[: max(room, MAX_SLICES - len(by_values))]


def _of_values(block: Block, name: str) -> list[Slice]:
    codes, values = block.encoded(name)
    codes = np.where(block.missing(name), -1, codes)
    counts = np.bincount(codes[codes >= 0], minlength=len(values))
    large = [at for at in np.argsort(-counts, kind="stable")[:MAX_VALUES] if counts[at] >= SELDOM * len(codes)]
    # A value that nearly all records share is no slice but the whole.
    return [
        Slice(name, f"{name} = {values[at]}", codes == at) for at in large if counts[at] <= (1 - SELDOM) * len(codes)
    ]


def _of_thirds(block: Block, name: str) -> list[Slice]:
    values = block.numbers(name)
    known = values[np.isfinite(values)]
    if len(known) < 3 * MIN_RECORDS:
        return []
    low, high = (float(v) for v in np.quantile(known, [1 / 3, 2 / 3]))
    if not known.min() < low < high < known.max():
        return []
    return [Slice(name, f"{name} < {low:.4g}", values < low), Slice(name, f"{name} ≥ {high:.4g}", values >= high)]
