"""The documents of a run with what was done to them taken back."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.block import ROW
from karat.core.errors import OptionError
from karat.core.patch import apply, undo
from karat.core.schema import Role, Schema
from karat.flow import originals
from karat.flow.raw import raw_records
from karat.flow.settings import read_settings


def undone(run: Path, schema: Schema, ledger: pa.Table, checks: Sequence[str] | None) -> pa.Table:
    """Documents as text without the changes of some checks; without any, as they came, masks too.

    Parameters
    ----------
    run : Path
    schema : Schema
    ledger : pyarrow.Table
        The whole ledger of the run.
    checks : sequence of str or None
        Codes of checks that removed documents; None for every change.

    Raises
    ------
    InputError
        The working files of the run were deleted.
    OptionError
        A check that edited documents: each edit begins where the one before it ended, so that none goes alone.
    """
    text, raw = schema.with_role(Role.TEXT)[0].name, raw_records(run).whole()
    if checks is None:
        how = read_settings(run / "karat.toml").clean.personal_data
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
