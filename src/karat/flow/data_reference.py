"""What a name of data stands for."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from karat.core.block import ROW
from karat.core.errors import InputError


def resolved(data: Any) -> Any:
    """``RUN@N`` as the table of that version, ``_row`` first; ``RUN`` as its data; anything else as it is."""
    if not isinstance(data, (str, Path)):
        return data
    path = Path(data)
    if str(data) == "-" or path.is_fifo() or path.is_char_device() or path.is_socket():
        raise InputError(f"{data} is a pipe, and Karat reads its input more than once", "Write it to a file first")
    if (Path(data) / "run.json").is_file() and (Path(data) / "data.parquet").exists():
        return Path(data) / "data.parquet"
    if "@" not in str(data):
        return data
    folder, _, version = str(data).rpartition("@")
    if not (Path(folder) / "store").is_dir():
        return data
    from karat.store.versions import Store

    table, rows = Store(Path(folder) / "store").read(int(version) if version.isdigit() else version)
    return table.add_column(0, ROW, pa.array(rows, pa.int64()))
