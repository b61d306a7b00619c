"""How many wrong cells no check finds, estimated from how many of our own errors it would find in the same table."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import FACT, SURE, Dimension
from karat.core.unit import Check
from karat.flow.dataset import Dataset
from karat.flow.engine import Learned, judge_block
from karat.flow.slips import ANYWHERE, CROWDED, SHORT, WEIGHTS, Slip, planted
from karat.quality.by_value import judged_columns

ERRORS = 150  # planted, about; four times as many cost four times the time and err a tenth less
# Of a column's errors, for its findings to say how many there are; and how many columns' worth of knowledge the others
# give about one. Both chosen with benchmarks/score_tracking.py on its own planter; between .1 and .25, and .5 and 5,
# little changes.
TELLING, SHRINK = 0.15, 2.0


@dataclass(frozen=True)
class Unseen:
    """What is thought of the cells and records that no check calls wrong.

    Parameters
    ----------
    share : float
        Share of all cells that is wrong and was not found.
    blind : float
        Share of all cells that stand in columns where hardly any error would be found.
    suspected : float
        Share of the records that a check of consistency names with a confidence below 0.5: they may be copies.
    """

    share: float = 0.0
    blind: float = 0.0
    suspected: float = 0.0


def unseen(learned: Learned, data: Dataset, findings: Mapping[str, pa.Table]) -> Unseen:
    """Plants errors in records from everywhere in the data, and judges them with what was learned from all of it.

    A column's findings, divided by the share of such errors that is found there, give its wrong cells; where hardly any
    is found, the other columns speak for it. Short values take part in exchanges alone.

    Parameters
    ----------
    learned : Learned
    data : Dataset
    findings : mapping of str to pyarrow.Table
        Findings by check code: row, column, confidence, kind.
    """
    checks = {code: check for code, check in learned.checks.items() if _counts(check)}
    names = [column.name for column in judged_columns(data.schema)]
    block = data.spread(max(1, ERRORS // max(1, len(names) // CROWDED)))
    if not checks or not names or not len(block):
        return Unseen()
    before = _wrong([findings[code] for code in checks])
    spoilt, slips = planted(block)
    after = _wrong([judge_block(replace(learned, checks=checks, skipped={}), spoilt)])
    rows = block.rows.tolist()
    fresh = [slip for slip in slips if (rows[slip.at], slip.column) not in before]
    hits = [slip for slip in fresh if (rows[slip.at], slip.column) in after]
    share, exposed = recall(block, names, fresh, hits)
    filled = len(data) * np.array([1 - block.text(name).null_count / len(block) for name in names])
    per_column = Counter(column for _, column in before)
    seen = np.array([per_column[name] for name in names], float)
    wrong, telling = spread_out(seen, filled, share, exposed)
    cells = len(data) * len(names)
    return Unseen(float((wrong - seen).sum() / cells), float(filled[~telling].sum() / cells))


def suspects(learned: Learned, findings: pa.Table) -> Counter[str]:
    """How many records of a block each check of consistency names with a confidence below 0.5."""
    codes = [
        c for c, check in learned.checks.items() if check.dimension is Dimension.CONSISTENCY and check.unit == "records"
    ]
    unsure = pc.and_(
        pc.less(findings["confidence"], SURE), pc.and_(pc.is_valid(findings["row"]), pc.is_null(findings["column"]))
    )
    some = findings.filter(pc.and_(unsure, pc.is_in(findings["check"], pa.array(codes, pa.string()))))
    counts = some.group_by("check").aggregate([("row", "count_distinct")]).to_pylist()
    return Counter({count["check"]: count["row_count_distinct"] for count in counts})


def _counts(check: Check) -> bool:
    """Does it judge cells' accuracy, from nothing but the cells?"""
    cells = check.dimension is Dimension.ACCURACY and check.unit == "cells"
    return cells and not check.ordered and not check.needs


def _wrong(parts: list[pa.Table]) -> set[tuple[int, str]]:
    """The cells that findings of fact at 0.5 or above name."""
    some = pa.concat_tables([part.select(["row", "column", "confidence", "kind"]) for part in parts])
    keep = pc.and_(pc.greater_equal(some["confidence"], SURE), pc.equal(some["kind"], FACT))
    some = some.filter(pc.and_(keep, pc.and_(pc.is_valid(some["row"]), pc.is_valid(some["column"]))))
    return set(zip(some["row"].to_pylist(), some["column"].to_pylist(), strict=True))


def recall(block: Block, names: list[str], slips: list[Slip], hits: list[Slip]) -> tuple[np.ndarray, np.ndarray]:
    """Per column, the share of such errors that is found, and how open it is to them, from 0 to 1.

    Kinds weigh as in ``WEIGHTS``; those that only long values have weigh less in columns of short ones. A few errors of
    one column are helped out by the same kind in all columns.
    """
    kinds = list(WEIGHTS)
    tried, caught = Counter((s.column, s.kind) for s in slips), Counter((s.column, s.kind) for s in hits)
    n = np.array([[tried[name, kind] for kind in kinds] for name in names], float)
    hit = np.array([[caught[name, kind] for kind in kinds] for name in names], float)
    usual = (hit.sum(0) + 0.2) / (n.sum(0) + 1)
    long = np.array([_share_long(block, name) for name in names])
    open_to = np.array([[1.0 if kind in ANYWHERE else part for kind in kinds] for part in long])
    weight = np.array(list(WEIGHTS.values())) * (n > 0)
    real = weight * open_to
    total = real.sum(1)
    share = ((hit + usual) / (n + 1) * real).sum(1) / np.maximum(total, 1e-9)
    return share, total / np.maximum(weight.sum(1), 1e-9)


def _share_long(block: Block, name: str) -> float:
    """The share of a column's values that have at least ``SHORT`` characters."""
    lengths = pc.utf8_length(block.text(name)).drop_null()
    return float(np.mean(lengths.to_numpy(zero_copy_only=False) >= SHORT)) if len(lengths) else 0.0


def spread_out(
    seen: np.ndarray, filled: np.ndarray, share: np.ndarray, exposed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Wrong cells per column, and the columns whose findings tell.

    Parameters
    ----------
    seen, filled : ndarray of float64, shape (k,)
        Cells found, and cells that hold a value.
    share, exposed : ndarray of float64, shape (k,)
        As given by ``recall``.

    Each column's rate has a gamma prior around the rate of all telling columns, and Poisson findings.
    """
    open_cells = filled * exposed
    telling = (share >= TELLING) & (open_cells > 0)
    if not telling.any() or not seen[telling].any():
        return seen, telling
    rate = seen[telling].sum() / (open_cells * share)[telling].sum()
    wrong = seen
    for _ in range(3):
        own = (SHRINK + seen) / (SHRINK + rate * open_cells * share) * rate * open_cells
        wrong = np.where(telling, own, rate * open_cells)
        rate = wrong[telling].sum() / open_cells[telling].sum()
    return np.clip(wrong, seen, np.maximum(seen, filled)), telling
