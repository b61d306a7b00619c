"""A version of a run as a folder that another machine opens, with the column names of the input."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from karat.core.block import ROW
from karat.flow.collecting import INPUT_ROW
from karat.flow.folder import MARK, read_json, write_table


def exported(store: Any, run: Path, version: int | str, to: Path) -> Path:
    """Write one version; a column ``_row`` of the user's own takes its name back from Karat's record numbers.

    Raises
    ------
    OptionError
        The folder holds files, or there is no such version.
    """
    place: Path = store.export(version, to)
    record = run / MARK
    if record.is_file() and "row_column" in read_json(record).get("reading", {}):
        table = pq.read_table(place / "data.parquet").drop_columns([ROW])
        names = [ROW if name == INPUT_ROW else name for name in table.column_names]
        write_table(place / "data.parquet", table.rename_columns(names))
    return place
