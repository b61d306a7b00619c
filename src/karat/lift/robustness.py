"""Test records spoiled on purpose: how far a model falls when the world is worse than its training records."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Role
from karat.prepare.patched_views import changed

MISSING_SHARE = 0.3  # definition: how much worse a world is asked about
NOISE_DEVIATIONS = 0.5  # definition: likewise
SWAPPED_SHARE = 0.3  # definition: likewise


def spoiled(block: Block, positions: np.ndarray, seed: int) -> Iterator[tuple[str, Block]]:
    """The block with its records at the positions spoiled in three ways; targets stay.

    Parameters
    ----------
    positions : ndarray of int
        The test records.

    Yields
    ------
    name and block: ``missing`` (30 % of the cells blank), ``noise`` (numbers moved by half a standard deviation at
    random, 30 % of the other cells swapped for another record's), ``shift`` (all numbers moved up by half a standard
    deviation).
    """
    rng = np.random.default_rng(seed)
    yield "missing", changed(block, _blanked(block, positions, rng))
    numbers = {
        c.name: _moved(block, c.name, positions, rng.normal(0, NOISE_DEVIATIONS, len(positions)))
        for c in block.schema.with_role(Role.NUMBER)
    }
    others = _swapped(block, positions, rng)
    if numbers or others:
        yield "noise", changed(block, numbers | others)
    if numbers:
        shift = np.full(len(positions), NOISE_DEVIATIONS)
        yield "shift", changed(block, {name: _moved(block, name, positions, shift) for name in numbers})


def _blanked(block: Block, positions: np.ndarray, rng: np.random.Generator) -> dict[str, tuple[np.ndarray, pa.Array]]:
    cells = {}
    for column in block.schema.features:
        if column.type != "binary":
            at = positions[rng.random(len(positions)) < MISSING_SHARE]
            cells[column.name] = (at, pa.nulls(len(at), pa.string()))
    return cells


def _moved(block: Block, name: str, positions: np.ndarray, by: np.ndarray) -> tuple[np.ndarray, pa.Array]:
    """Numbers moved by some standard deviations of the column; gaps stay gaps."""
    values = block.numbers(name)
    known = np.isfinite(values[positions])
    at = positions[known]
    spread = float(np.nanstd(values)) if known.any() else 0.0
    column = block.schema[name]
    moved = pa.array(values[at] + by[known] * spread).cast(pa.string())
    if column.decimal != ".":
        moved = pa.compute.replace_substring(moved, ".", column.decimal)
    return at, moved


def _swapped(block: Block, positions: np.ndarray, rng: np.random.Generator) -> dict[str, tuple[np.ndarray, pa.Array]]:
    cells = {}
    for column in block.schema.with_role(Role.CATEGORY):
        at = positions[rng.random(len(positions)) < SWAPPED_SHARE]
        donors = rng.choice(positions, len(at)) if len(at) else at
        cells[column.name] = (at, block.text(column.name).take(pa.array(donors)))
    return cells
