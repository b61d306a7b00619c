"""What all checks together say about a cell: one value, and how sure."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import FORM, SURE
from karat.core.schema import Role
from karat.quality.calibration import FORM_FROM, fixes_from

CEILING = 0.999  # unproven: no claim is surer, so that others can outweigh it
ECHO = 0.5  # unproven: a second check that says the same adds this much of its weight: checks share their evidence
BLANK = ""


@dataclass(frozen=True, eq=False)
class Proposals:
    """The best suggestion for each cell that any check would change; one entry per cell, by record and column.

    Parameters
    ----------
    row : ndarray of int64, shape (m,)
    column, before, after, check, dimension, kind : pyarrow.Array of string, length m
        ``after`` null = blank; ``check``, ``dimension`` and ``kind`` are those of the surest finding behind it.
    confidence : ndarray of float64, shape (m,)
        Probability that ``after`` is what should stand there.
    """

    row: np.ndarray
    column: pa.Array
    before: pa.Array
    after: pa.Array
    check: pa.Array
    dimension: pa.Array
    kind: pa.Array
    confidence: np.ndarray

    def unasked(self) -> np.ndarray:
        """(m,) bool: sure enough to be written unasked, by the calibration of the check behind it."""
        return _proven(self.check, self.kind, self.confidence)


def proposals(block: Block, findings: pa.Table) -> Proposals:
    """Combine the findings about the cells of a block; labels are left to people.

    Checks that suggest the same strengthen each other, checks that suggest different values weaken each other, and a
    check that only wants the cell blank yields to one that knows what should stand there. A suggestion that is itself
    a value some check would rewrite (the number in the column's unit) is rewritten too.

    Parameters
    ----------
    findings : pyarrow.Table
        All findings about its records.
    """
    memo: tuple[pa.Table, Proposals] = block.memo(
        ("proposals", id(findings)), lambda: (findings, _combined(block, findings))
    )
    return memo[1]


def _combined(block: Block, findings: pa.Table) -> Proposals:
    allowed = [
        c.name for c in block.schema if c.type != "binary" and c.role not in (Role.TARGET, Role.IGNORE, Role.IMAGE)
    ]
    usable = pc.and_(pc.is_in(findings["column"], pa.array(allowed, pa.string())), pc.is_valid(findings["suggestion"]))
    usable = pc.and_(pc.and_(usable, pc.is_valid(findings["row"])), pc.is_null(findings["span_start"]))
    findings = findings.filter(usable).combine_chunks()
    column, before = _plain(findings["column"]), _plain(pc.fill_null(findings["value"], BLANK))
    after = _rewritten(
        block,
        pa.table(
            {"c": column, "v": before, "k": findings["check"], "s": findings["suggestion"], "p": findings["confidence"]}
        ),
    )
    moves = np.flatnonzero(pc.not_equal(after, before).to_numpy(zero_copy_only=False))
    findings, column, before, after = (part.take(pa.array(moves)) for part in (findings, column, before, after))
    row, confidence = findings["row"].to_numpy(), np.clip(findings["confidence"].to_numpy(), 0.0, CEILING)
    place, said = _codes(column), _codes(after)
    cell = np.unique(row * (int(place.max(initial=0)) + 1) + place, return_inverse=True)[1].astype(np.int64)
    option, of_option = np.unique(cell * (int(said.max(initial=0)) + 1) + said, return_inverse=True)
    sure = _agreed(of_option, confidence, len(option))
    cell_of = option // (int(said.max(initial=0)) + 1)
    proven = _proven(_plain(findings["check"]), _plain(findings["kind"]), confidence)
    speaker = _loudest(of_option, confidence + 2 * proven, len(option))  # one that may fix unasked speaks first
    blank = pc.equal(after, BLANK).to_numpy(zero_copy_only=False)[speaker]
    sure = np.where(blank, sure, _rivalled(cell_of, np.where(blank, 0.0, sure), int(cell_of.max(initial=-1)) + 1))
    rank = np.where(blank, -1 + sure, np.where(sure >= SURE, 1 + sure, -2 + sure))  # a known value, a blank, a guess
    best = _last(cell_of, rank)
    pick = speaker[best]
    chosen = pc.if_else(pa.array(blank[best]), None, after.take(pa.array(pick)))
    return Proposals(
        row[pick],
        column.take(pa.array(pick)),
        _written(findings["value"], pick),
        chosen,
        _written(findings["check"], pick),
        _written(findings["dimension"], pick),
        _written(findings["kind"], pick),
        np.round(sure[best], 4),
    )


def _proven(check: pa.Array, kind: pa.Array, confidence: np.ndarray) -> np.ndarray:
    """(n,) bool: is each finding of a check that may fix unasked, from this confidence on?"""
    known = {code: fixes_from(code) for code in pc.unique(check).to_pylist()}
    least = np.array([known[code] for code in check.to_pylist()], np.float64)
    form = pc.equal(kind, FORM).to_numpy(zero_copy_only=False)
    enough: np.ndarray = confidence >= np.where(form, FORM_FROM, least)
    return enough


def _plain(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _written(column: pa.ChunkedArray, pick: np.ndarray) -> pa.Array:
    return _plain(column.take(pa.array(pick)))


def _codes(texts: pa.Array) -> np.ndarray:
    codes: np.ndarray = pc.dictionary_encode(texts).indices.to_numpy().astype(np.int64)
    return codes


def _agreed(of_option: np.ndarray, confidence: np.ndarray, options: int) -> np.ndarray:
    """(options,) the surest voice, and a part of the others."""
    top = np.zeros(options)
    np.maximum.at(top, of_option, confidence)
    doubt = np.bincount(of_option, np.log1p(-confidence), options)
    loudest = np.log1p(-top)
    agreed: np.ndarray = 1 - np.exp(loudest + ECHO * (doubt - loudest))
    return agreed


def _rivalled(cell: np.ndarray, sure: np.ndarray, cells: int) -> np.ndarray:
    """(options,) the probability of each when the options of a cell exclude each other."""
    odds = sure / (1 - np.minimum(sure, CEILING))
    return odds / (1 + np.bincount(cell, odds, cells)[cell]) if len(cell) else sure


def _loudest(of_option: np.ndarray, confidence: np.ndarray, options: int) -> np.ndarray:
    """(options,) the place of the surest finding behind each; the first of equals."""
    order = np.lexsort((-np.arange(len(confidence)), confidence))
    out = np.zeros(options, np.int64)
    out[of_option[order]] = order
    return out


def _last(cell: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """The place of the highest rank in each cell; the first of equals."""
    order = np.lexsort((-np.arange(len(rank)), rank))
    out = np.zeros(int(cell.max(initial=-1)) + 1, np.int64)
    out[cell[order]] = order
    return out


def _rewritten(block: Block, table: pa.Table) -> pa.Array:
    """Suggestions that are themselves values which one check rewrites in one way wherever they stand, rewritten."""
    after = _plain(table["s"])
    sure = table.filter(pc.greater_equal(table["p"], SURE))
    ways = sure.group_by(["c", "v", "k"]).aggregate([("s", "count_distinct"), ("s", "min"), ("s", "count")])
    single = ways.filter(pc.and_(pc.equal(ways["s_count_distinct"], 1), pc.greater_equal(ways["s_count"], 2)))
    if not single.num_rows:
        return after
    everywhere = np.zeros(single.num_rows, bool)
    for name in pc.unique(single["c"]).to_pylist():
        codes, texts = block.encoded(name)
        stands = np.append(np.bincount(codes[codes >= 0], minlength=len(texts)), -1)
        here = np.flatnonzero(pc.equal(single["c"], name).to_numpy(zero_copy_only=False))
        place = pc.fill_null(
            pc.index_in(single["v"].take(pa.array(here)), value_set=pa.array(texts, pa.string())), len(texts)
        )
        everywhere[here] = stands[place.to_numpy()] == single["s_count"].to_numpy()[here]
    single = single.filter(pa.array(everywhere))
    keys = pc.binary_join_element_wise(single["c"], single["v"], "\x00")
    place = pc.index_in(pc.binary_join_element_wise(_plain(table["c"]), after, "\x00"), value_set=_plain(keys))
    new = _plain(single["s_min"]).take(place)
    return pc.if_else(pc.and_kleene(pc.is_valid(new), pc.not_equal(after, BLANK)), new, after)
