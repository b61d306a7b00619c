"""Room 2: what a person's answers teach about the records that nobody was asked about."""

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat import kinds
from karat.core.block import Block
from karat.flow import engine
from karat.flow.dataset import KEPT_BLOCKS, Dataset
from karat.flow.engine import Learned

if TYPE_CHECKING:
    from karat.clean.by_example.lessons import Lessons


def lessons_from(data: Dataset, learned: Learned, answers: pa.Table | None, workers: int) -> "Lessons | None":
    """What answers teach, learned from the first blocks and from those that hold answered records; None without any.

    Parameters
    ----------
    learned : Learned
        The checks, before anybody has taught them.
    answers : pyarrow.Table or None
        row, column, value, who.
    """
    if answers is None or not answers.num_rows:
        return None
    from karat.clean.by_example.lessons import learn_lessons
    from karat.clean.by_example.neighbours import learn_known

    known = learn_known(_first(data)) if kinds.of(data.schema.kind).cells(data.schema) else None
    rows = pc.unique(answers["row"]).to_numpy()
    judged = engine.judge(data, learned, workers=workers)
    return learn_lessons(
        known, [(block, findings) for block, findings in judged if np.isin(rows, block.rows).any()], answers
    )


def _first(data: Dataset) -> Block:
    """As many records as are held in memory anyway."""
    blocks = [data.block(at) for at in range(min(data.block_count, KEPT_BLOCKS))]
    if len(blocks) == 1:
        return blocks[0]
    table = pa.concat_tables([block.table for block in blocks]).combine_chunks()
    return Block(np.concatenate([block.rows for block in blocks]), table, data.schema)


def opposites(lessons: "Lessons") -> str:
    """A line about corrections that were made in both directions; empty without any."""
    moves = ", ".join(f"{a!r} to {b!r} and back in column {column}" for column, a, b in lessons.opposed)
    return f"Answers go both ways, so no rule was learned from them: {moves}" if moves else ""
