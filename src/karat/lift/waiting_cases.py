"""What the cases that wait for a person are worth, when a person fixes what is wrong and leaves the rest."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.flow.refine import patched
from karat.lift.placebo import placebo


def waiting_scores(
    mended: Block, waiting: pa.Table, score: Callable[[Block], float], seeds: list[int]
) -> dict[str, dict[str, float]]:
    """By check: how many cases of it wait for a person, and what fixing the wrong ones is worth.

    Parameters
    ----------
    mended : Block
        The fold's refined training records.
    waiting : pyarrow.Table
        Ledger rows that nobody has decided.
    score : callable
        Of a state of the training records, on the held-out ones.
    seeds : list of int
        Of the draws of cells that are spoiled.

    Returns
    -------
    dict
        ``cases``; ``score``: if all proposals were taken; and where all are other values for cells ``wrong``: how many
        are expected to be, ``planted``: the score if as many more were spoiled.
    """
    here = waiting.filter(pa.array(np.isin(waiting["row"].to_numpy(), mended.rows)))
    out: dict[str, dict[str, float]] = {}
    for check in sorted(set(here["check"].to_pylist())):
        mine = here.filter(pc.equal(here["check"], check))
        out[check] = {"cases": mine.num_rows, "score": score(patched(mended, mine))}
        wrong = expected_wrong(mine)
        if wrong:
            spoiled = patched(mended, planted(mended, mine, wrong, np.random.default_rng(seeds)))
            out[check] |= {"wrong": wrong, "planted": score(spoiled)}
    return out


def expected_wrong(cases: pa.Table) -> int:
    """How many cells a person is expected to find wrong among the cases: the sum of confidences, 1 where none is given.

    0 where a case removes a record or proposes no other value: what that does is no spoiled cell.
    """
    cells = pc.and_(pc.is_in(cases["action"], pa.array(["set", "edit"])), pc.is_valid(cases["after"]))
    if not cases.num_rows or not pc.all(cells).as_py():
        return 0
    return max(1, round(pc.sum(pc.fill_null(cases["confidence"], 1.0)).as_py()))


def planted(block: Block, cases: pa.Table, count: int, rng: np.random.Generator) -> pa.Table:
    """As many cells spoiled as cases are expected to be wrong: their values, on records drawn at random."""
    some = np.sort(rng.choice(cases.num_rows, min(count, cases.num_rows), replace=False))
    return placebo(block, cases.take(pa.array(some)), rng)
