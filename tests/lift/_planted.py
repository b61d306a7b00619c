"""Generated records with a known truth, and finders that mend them well, uselessly or harmfully."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import no_findings
from karat.core.patch import changes
from karat.core.schema import Column, Role, Schema
from karat.flow.engine import Learned
from karat.flow.refine import Refined
from karat.lift.pairing import Fixed

PLACES = ["北京", "上海", "广州", "深圳"]


def records(count: int = 300, seed: int = 0, wrong: float = 0.0, task: str = "classification") -> tuple[Block, Block]:
    """Dirty and clean records: two numbers and a place decide the target; a share of the targets is wrong, or
    -9 (missing, in disguise) where they are numbers."""
    rng = np.random.default_rng(seed)
    first, second = rng.normal(0, 1, (2, count))
    place = rng.integers(0, len(PLACES), count)
    signal = 1.5 * first + second + 0.8 * (place == 0) + rng.normal(0, 0.3, count)
    bad = rng.random(count) < wrong
    if task == "classification":
        clean = [str(v) for v in (signal > 0).astype(int)]
        dirty = [str(1 - int(v)) if b else v for v, b in zip(clean, bad, strict=True)]
    else:
        clean = [f"{v:.4f}" for v in signal]
        dirty = ["-9" if b else v for v, b in zip(clean, bad, strict=True)]
    columns = (
        Column("first", Role.NUMBER, "float64"),
        Column("second", Role.NUMBER, "float64"),
        Column("place", Role.CATEGORY),
        Column("y", Role.TARGET, "string" if task == "classification" else "float64"),
    )
    schema = Schema(columns, task=task)
    rest = {
        "first": [f"{v:.4f}" for v in first],
        "second": [f"{v:.4f}" for v in second],
        "place": [PLACES[p] for p in place],
    }

    def block(values: list[str]) -> Block:
        return Block(np.arange(count), pa.table({**rest, "y": values}), schema)

    return block(dirty), block(clean)


def refiner(*patches: Callable[[Block], tuple[str, pa.Table]]) -> Callable[[Block], Refined]:
    """A ``refine`` that proposes the given patches."""

    def refine(block: Block) -> Refined:
        made = dict(patch(block) for patch in patches)
        return Fixed(block, Learned({}, {}, {}, {}), no_findings(), (), made, changes(0, action="set", check="None"))

    return refine


def perfect(clean: Block) -> Callable[[Block], tuple[str, pa.Table]]:
    """Wrong targets put right, by one who knows."""

    def patch(block: Block) -> tuple[str, pa.Table]:
        true = clean.text("y").take(pa.array(np.searchsorted(clean.rows, block.rows)))
        at = np.flatnonzero(np.array(block.text("y").to_pylist()) != np.array(true.to_pylist()))
        before, after = block.text("y").take(pa.array(at)), true.take(pa.array(at))
        return "labels", changes(
            len(at), row=block.rows[at], column="y", action="set", before=before, after=after, check="L"
        )

    return patch


def gaps(block: Block) -> tuple[str, pa.Table]:
    """Targets of -9 blanked."""
    at = np.flatnonzero(block.numbers("y") == -9)
    found = changes(len(at), row=block.rows[at], column="y", action="set", before="-9", check="DisguisedMissing")
    return "missing values", found


def useless(block: Block) -> tuple[str, pa.Table]:
    """Cells moved by nothing that matters."""
    at = np.random.default_rng(int(block.rows.sum()) % 1000).choice(len(block), len(block) // 10, replace=False)
    after = [f"{v + 1e-3:.4f}" for v in block.numbers("second")[at]]
    return "useless", changes(len(at), row=block.rows[at], column="second", action="set", after=after, check="Useless")


def harmful(block: Block) -> tuple[str, pa.Table]:
    """A good column wiped out in most records."""
    at = np.flatnonzero(np.abs(block.numbers("second")) > 0.25)
    return "harmful", changes(len(at), row=block.rows[at], column="second", action="set", after="0", check="Harmful")
