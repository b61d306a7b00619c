"""``--emit-code``: the accepted repairs as Python and SQL that run without Karat."""

from pathlib import Path

import pyarrow.parquet as pq

from karat.core.schema import Schema
from karat.flow.folder import read_json, write_text


def write_code(folder: Path) -> tuple[Path, Path]:
    """Write ``repairs.py`` and ``repairs.sql`` from the ledger of a run folder; returns their paths."""
    from karat.deploy.emit_code import emit_python, emit_sql

    ledger = pq.read_table(folder / "ledger.parquet")
    schema = Schema.from_json(read_json(folder / "schema.json"))
    python, sql = folder / "repairs.py", folder / "repairs.sql"
    write_text(python, emit_python(ledger, schema))
    write_text(sql, emit_sql(ledger, schema, "records"))
    return python, sql
