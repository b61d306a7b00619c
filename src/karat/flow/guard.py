"""Stops a step that would take an outsized share of one source, group, class or kind of record."""

from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import GateError
from karat.core.schema import Role

MIN_RECORDS = 20  # a smaller stratum can lose its few records by chance
MAX_SHARE = 0.3
MAX_RATIO = 3.0


def guard(block: Block, patch: pa.Table, step: str, allowed: Collection[str] = ()) -> None:
    """Raise GateError when removals fall on one stratum far more than on the rest.

    A stratum is a value of a source, group or target column. It is wiped out when the step takes more than 30 % of it
    and at least three times the share it takes elsewhere.

    Parameters
    ----------
    block : Block
        The records before the step.
    patch : pyarrow.Table
        Ledger rows of the step.
    step : str
        Its name, for ``--allow``.
    allowed : collection of str
        Steps the user has allowed.
    """
    gone = patch.filter(pc.is_in(patch["action"], pa.array(["drop", "quarantine"])))
    if not gone.num_rows or step in allowed:
        return
    hit = np.isin(block.rows, gone["row"].to_numpy())
    for column in block.schema.with_role(Role.SOURCE, Role.GROUP, Role.TARGET):
        if column.role is Role.TARGET and block.schema.task == "regression":
            continue
        codes, values = block.encoded(column.name)
        _check(codes, values, hit, column.name, step, block)


def _check(codes: np.ndarray, values: list[str], hit: np.ndarray, column: str, step: str, block: Block) -> None:
    size = np.bincount(codes[codes >= 0], minlength=len(values))
    taken = np.bincount(codes[(codes >= 0) & hit], minlength=len(values))
    share = taken / np.maximum(size, 1)
    elsewhere = (hit.sum() - taken) / np.maximum(len(hit) - size, 1)
    outsized = np.flatnonzero((size >= MIN_RECORDS) & (share > MAX_SHARE) & (share > MAX_RATIO * elsewhere))
    if not len(outsized):
        return
    worst = outsized[np.argmax(share[outsized])]
    examples = block.rows[np.flatnonzero(hit & (codes == worst))[:3]].tolist()
    raise GateError(
        f"step {step} would remove {share[worst]:.0%} of the records with {column} = {values[worst]!r} "
        f"({taken[worst]:,} of {size[worst]:,}) and {elsewhere[worst]:.1%} of the others",
        f"rows {', '.join(map(str, examples))} among them",
        do=f"look at them, then run again with --allow {step} if this is right",
    )
