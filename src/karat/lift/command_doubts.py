"""What speaks against a program's score: it stays where it was although it should be another."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.lift.certificate import WARNING

PARTS = (2, 3)  # definition: two ways to deal targets out, for one may give the same score by chance
Probe = Callable[[str, Block, Block], float]


def doubts(folds: list[dict[str, Any]], train: Block, test: Block, probe: Probe, *, takes_test: bool) -> Iterator[str]:
    """Notes on a program that does not read its data, or scores its own training records.

    Parameters
    ----------
    folds : list of dict
        All that was measured.
    train, test : Block
        Records of the last fold.
    probe : callable
        The score of one more run, with the last fold's seed, on other records: its name, training and test records in.
    takes_test : bool
        Is the program given test records?
    """
    score = folds[-1]["scores"]["raw"]
    same = all(fold["scores"]["raw"] == fold["scores"]["refined"] for fold in folds)
    differ = any(fold["changed"] for fold in folds)
    if same and differ and probe("half", train.take(np.arange(len(train) // 2)), test) == score:
        yield (
            f"{WARNING}the program gives the same score on both versions and on half the records: "
            "does it read {data}?"
        )
    elif (
        takes_test
        and train.schema.target is not None
        and all(probe(f"others {part}", train, with_others_targets(test, part)) == score for part in PARTS)
    ):
        yield (
            f"{WARNING}the score stays the same when the targets in {{test}} are others: "
            "does the program score its own training records?"
        )


def with_others_targets(block: Block, part: int = 2) -> Block:
    """The records with the targets of those half, or another part, of all records on in their order."""
    name = block.schema.target.name if block.schema.target else ""
    order = np.argsort(np.array(block.text(name).to_pylist(), object).astype(str), kind="stable")
    at = np.empty(len(block), np.int64)
    at[order] = np.roll(order, len(block) // part)
    place = block.table.schema.get_field_index(name)
    return Block(block.rows, block.table.set_column(place, name, block.text(name).take(pa.array(at))), block.schema)
