"""Stops a step that would take an outsized share of one source, group or class."""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import GateError
from karat.core.schema import Role, Schema

MIN_RECORDS = 20  # a smaller stratum can lose its few records by chance
MAX_SHARE = 0.3
MAX_RATIO = 3.0


@dataclass
class _Stratum:
    size: int = 0
    taken: int = 0
    examples: list[int] = field(default_factory=list)


class Guard:
    """Watches the removals of each step, block by block, and speaks at the end.

    A stratum is a value of a source, group or target column. It is wiped out when a step takes more than 30 % of it
    and at least three times the share it takes elsewhere.

    Parameters
    ----------
    schema : Schema
    """

    def __init__(self, schema: Schema) -> None:
        roles = [Role.SOURCE, Role.GROUP] + ([Role.TARGET] if schema.task == "classification" else [])
        self.columns = [column.name for column in schema.with_role(*roles)]
        self.sizes: dict[tuple[str, str], int] = {}
        self.taken: dict[str, dict[tuple[str, str], _Stratum]] = {}
        self.records = 0
        self.removed: dict[str, int] = {}

    def see(self, block: Block, patch: pa.Table, step: str) -> None:
        """What a step would do to a block."""
        gone = patch.filter(pc.is_in(patch["action"], pa.array(["drop", "quarantine"])))
        if not gone.num_rows:
            return
        hit = np.isin(block.rows, gone["row"].to_numpy())
        self.removed[step] = self.removed.get(step, 0) + int(hit.sum())
        for name in self.columns:
            codes, values = block.encoded(name)
            for code, count in zip(*np.unique(codes[hit & (codes >= 0)], return_counts=True), strict=True):
                held = self.taken.setdefault(step, {}).setdefault((name, values[code]), _Stratum())
                held.taken += int(count)
                held.examples = (held.examples + block.rows[np.flatnonzero(hit & (codes == code))[:3]].tolist())[:3]

    def count(self, block: Block) -> None:
        """The strata of one block; once for each block, removals or not."""
        self.records += len(block)
        for name in self.columns:
            codes, values = block.encoded(name)
            for code, count in enumerate(np.bincount(codes[codes >= 0], minlength=len(values))):
                key = (name, values[code])
                self.sizes[key] = self.sizes.get(key, 0) + int(count)

    def verdict(self, allowed: Collection[str]) -> None:
        """Raise GateError for the worst step that falls on one stratum far more than on the rest."""
        for step, strata in sorted(self.taken.items()):
            if step in allowed:
                continue
            for (column, value), held in sorted(strata.items(), key=lambda item: -item[1].taken):
                size = self.sizes[column, value]
                share = held.taken / size
                elsewhere = (self.removed[step] - held.taken) / max(self.records - size, 1)
                if size >= MIN_RECORDS and share > MAX_SHARE and share > MAX_RATIO * elsewhere:
                    raise GateError(
                        f"step {step} would remove {share:.0%} of the records with {column} = {value!r} "
                        f"({held.taken:,} of {size:,}) and {elsewhere:.1%} of the others",
                        f"rows {', '.join(map(str, held.examples))} among them",
                        do=f"look at them, then run again with --allow {step} if this is right",
                    )
