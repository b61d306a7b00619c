"""``karat clean --select diverse=N``: the kept records that are least like one another."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.errors import OptionError
from karat.core.schema import Role, Schema
from karat.flow.folder import read_json, write_table

FILE = "selected.parquet"


def wanted_size(choice: str) -> int:
    """How many records ``diverse=N`` asks for. Raises OptionError."""
    how, _, size = choice.partition("=")
    if how != "diverse" or not size.isdecimal() or int(size) < 1:
        raise OptionError(f"--select is {choice!r}", "Write diverse=N, such as diverse=1000")
    return int(size)


def select(run: Path, size: int, seed: int) -> Path:
    """Write the ``size`` most diverse records of ``data.parquet`` to ``selected.parquet``, in the order of choice.

    They are compared by their text column, or by all their cells where there is none.

    Raises
    ------
    OptionError
        Fewer records were kept.
    """
    from karat.clean.diverse_subset import diverse

    schema = Schema.from_json(read_json(run / "schema.json"))
    table = pq.read_table(run / "data.parquet")
    texts = schema.with_role(Role.TEXT)[:1] or [column for column in schema if column.type != "binary"]
    cells = [pc.fill_null(table[column.name].cast(pa.large_string()), "") for column in texts]
    chosen = diverse(pc.binary_join_element_wise(*cells, pa.scalar(" ", pa.large_string())), size, seed=seed)
    write_table(run / FILE, table.take(pa.array(chosen)))
    return run / FILE
