"""How many wrong cells no check finds, estimated from how many of our own errors would show in the same table."""

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
from karat.flow.fences import fenced
from karat.flow.prevalence import Flags, wrong_share
from karat.flow.slips import ANYWHERE, CROWDED, OF_NUMBERS, OF_TEXT, SHORT, WEIGHTS, Slip, planted
from karat.quality.by_value import judged_columns

ERRORS = 150  # planted, about; four times as many cost four times the time and err a tenth less
MOST_COLUMNS = 2_000  # cost: columns looked at, evenly spread
SAMPLE = 5_000  # cost: records in which numbers far out are counted; more would narrow the interval a little


@dataclass(frozen=True)
class Unseen:
    """What is thought of the cells and records that no check calls wrong.

    Parameters
    ----------
    share : float
        Share of all cells that is wrong and was not found.
    low, high : float
        Between which the share of all wrong cells, found or not, lies with 95 %.
    suspected : float
        Share of the records that a check of consistency names with a confidence below 0.5: they may be copies.
    """

    share: float = 0.0
    low: float = 0.0
    high: float = 0.0
    suspected: float = 0.0


def unseen(learned: Learned, data: Dataset, findings: Mapping[str, pa.Table]) -> Unseen:
    """What numbers far out, and findings elsewhere, say of a table's wrong cells, given how many of our own would show.

    Errors are planted in records from everywhere in the data as it is. Those in numbers are put to fences, all others
    to the checks, with what was learned from all of the data. Short values take part in exchanges alone.

    Parameters
    ----------
    findings : mapping of str to pyarrow.Table
        Findings by check code: row, column, confidence, kind.
    """
    checks = {code: check for code, check in learned.checks.items() if _counts(check)}
    columns = judged_columns(data.schema)
    columns = columns[:: -(-len(columns) // MOST_COLUMNS) or 1]
    if not checks or not columns or not len(data):
        return Unseen()
    names = {column.name for column in columns}
    before = {cell for cell in _wrong([findings[code] for code in checks]) if cell[1] in names}
    per_column = Counter(column for _, column in before)
    block, chance = data.spread(SAMPLE), np.random.default_rng(0)
    of_numbers = {
        column.name: known for column in columns if column.numeric and (known := fenced(block, column.name, chance))
    }
    others = [column.name for column in columns if column.name not in of_numbers]
    shown = _shown(replace(learned, checks=checks, skipped={}), data, others, before) if others else {}
    filled = {column.name: len(block) - block.text(column.name).null_count for column in columns}
    scale = len(data) / len(block)
    flags = [
        (filled[name], *of_numbers[name])
        if name in of_numbers
        else (filled[name], per_column[name] / scale, *shown[name])
        for name in filled
    ]
    share, low, high = wrong_share(Flags(*np.array(flags, float).T), len(block) * len(columns))
    return Unseen(max(0.0, share - len(before) / (len(data) * len(columns))), low, high)


def _shown(
    learned: Learned, data: Dataset, names: list[str], before: set[tuple[int, str]]
) -> dict[str, tuple[float, float]]:
    """Per column, the share of our own errors that the checks find, and how open it is to them."""
    block = data.spread(max(1, ERRORS // max(1, len(names) // CROWDED)))
    spoilt, slips = planted(block, names)
    after = _wrong([judge_block(learned, spoilt)])
    rows = block.rows.tolist()
    fresh = [slip for slip in slips if (rows[slip.at], slip.column) not in before]
    hits = [slip for slip in fresh if (rows[slip.at], slip.column) in after]
    share, exposed = recall(block, names, fresh, hits)
    return dict(zip(names, zip(share.tolist(), exposed.tolist(), strict=True), strict=True))


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
    suits = [OF_NUMBERS if block.schema[name].numeric else OF_TEXT for name in names]
    weight = np.array([[WEIGHTS[kind] * (kind in mine) for kind in kinds] for mine in suits])
    long = np.array([_share_long(block, name) for name in names])
    real = weight * np.array([[1.0 if kind in ANYWHERE else part for kind in kinds] for part in long])
    return ((hit + usual) / (n + 1) * real).sum(1) / real.sum(1), real.sum(1) / weight.sum(1)


def _share_long(block: Block, name: str) -> float:
    """The share of a column's values that have at least ``SHORT`` characters."""
    lengths = pc.utf8_length(block.text(name)).drop_null()
    return float(np.mean(lengths.to_numpy(zero_copy_only=False) >= SHORT)) if len(lengths) else 0.0
