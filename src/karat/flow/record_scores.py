"""``records.parquet``: the scores that checks give every record, beside its number."""

from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from karat.core.block import ROW, Block
from karat.core.finding import DoesNotApply
from karat.core.plugins import attempted
from karat.core.scoring_check import ScoringCheck
from karat.flow.engine import Learned
from karat.flow.folder import write_table

FILE = "records.parquet"


class RecordScoreFile:
    """Gathers the scores of block after block; there is no file where no check scores records."""

    def __init__(self) -> None:
        self._parts: list[tuple[np.ndarray, dict[str, np.ndarray]]] = []

    def see(self, block: Block, learned: Learned) -> None:
        """The scores of one block, by what its checks have learned."""
        scores: dict[str, np.ndarray] = {}
        for code, check in learned.checks.items():
            if not isinstance(check, ScoringCheck):
                continue
            failed: np.ndarray | DoesNotApply = DoesNotApply("failed at record_scores")
            scored = partial(check.record_scores, learned.states[code], block.by_name)
            own = attempted(check, "record_scores", scored, failed)
            if not isinstance(own, DoesNotApply):
                scores[check.score_name] = own
        self._parts.append((block.rows, scores))

    def write(self, place: Path) -> None:
        """Write the file: ``_row`` and a float64 column for each check, null for a record without a score."""
        names = sorted({name for _, scores in self._parts for name in scores})
        if not names:
            return
        columns = {ROW: np.concatenate([rows for rows, _ in self._parts])}
        for name in names:
            columns[name] = np.concatenate([s.get(name, np.full(len(rows), np.nan)) for rows, s in self._parts])
        write_table(place / FILE, pa.table({name: pa.array(each, from_pandas=True) for name, each in columns.items()}))
