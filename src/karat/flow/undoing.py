"""The records of a run with what was done to them taken back."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat import kinds
from karat.core.block import ROW
from karat.core.errors import OptionError
from karat.core.patch import apply, undo
from karat.core.schema import Role, Schema
from karat.flow import originals
from karat.flow.dataset import Dataset
from karat.flow.masking import CODE, unmasked
from karat.flow.parameters import treatment
from karat.flow.raw import raw_records
from karat.flow.settings import read_settings
from karat.kinds import Layout


def undone(run: Path, schema: Schema, ledger: pa.Table, checks: Sequence[str] | None) -> pa.Table:
    """Records as text without the changes of some checks; without any, as they came, masks too.

    Parameters
    ----------
    ledger : pyarrow.Table
        The whole ledger of the run.
    checks : sequence of str or None
        Codes as in the ledger; None for every change.

    Raises
    ------
    InputError
        The working files of the run were deleted.
    OptionError
        A check that edited documents: each edit begins where the one before it ended, so that none goes alone.
    """
    return UNDO[kinds.of(schema.kind).layout](run, schema, ledger, checks)


def _records(run: Path, schema: Schema, ledger: pa.Table, checks: Sequence[str] | None) -> pa.Table:
    work = next((run / ".work").glob("*/clean/refined.arrow"))
    block = Dataset(schema, path=work).whole()
    if checks is not None:
        ledger = ledger.filter(pc.is_in(ledger["check"], pa.array(list(checks), pa.string())))
    table, rows = undo(block.table, block.rows, ledger)
    return unmasked(table, rows, run / "vault") if checks is None or CODE in checks else table


def _documents(run: Path, schema: Schema, ledger: pa.Table, checks: Sequence[str] | None) -> pa.Table:
    text, raw = schema.with_role(Role.TEXT)[0].name, raw_records(run).whole()
    if checks is None:
        how = treatment(read_settings(run / "karat.toml"))
        return originals.back(raw.table, raw.rows, run, text, how)
    mine = ledger.filter(pc.is_in(ledger["check"], pa.array(list(checks), pa.string())))
    edits = mine.filter(pc.not_equal(mine["action"], "drop"))
    if edits.num_rows:
        raise OptionError(
            f"{edits['check'][0]} edited documents, and edits cannot be taken back one check at a time",
            "Call undo() for all changes, or name checks that removed documents",
        )
    kept = pq.read_table(run / "data.parquet", columns=[ROW, text])
    rows = kept[ROW].to_numpy()
    table = raw.table.take(pa.array(np.searchsorted(raw.rows, rows)))
    refined = kept[text].cast(table.schema.field(text).type)
    table = table.set_column(table.schema.get_field_index(text), text, refined)
    beside = pc.and_(pc.equal(ledger["action"], "set"), pc.not_equal(ledger["column"], text))
    return undo(apply(table, rows, ledger.filter(beside))[0], rows, mine)[0]


UNDO = {Layout.BLOCKS: _records, Layout.PARTS: _documents}
