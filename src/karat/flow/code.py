"""``--emit-code``: the accepted repairs as Python and SQL that run without Karat."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from karat.core.schema import Schema
from karat.deploy.emit_code import NO_RULES, CellRules
from karat.flow.door import lessons_in
from karat.flow.folder import read_json, write_text


def write_code(folder: Path) -> tuple[Path, Path]:
    """Write ``repairs.py`` and ``repairs.sql`` from the ledger of a run folder; returns their paths."""
    from karat.deploy.emit_code import emit_python, emit_sql

    ledger = pq.read_table(folder / "ledger.parquet")
    schema = Schema.from_json(read_json(folder / "schema.json"))
    python, sql = folder / "repairs.py", folder / "repairs.sql"
    write_text(python, emit_python(ledger, schema, _rules(folder, ledger)))
    write_text(sql, emit_sql(ledger, schema, "records"))
    return python, sql


def _rules(folder: Path, ledger: pa.Table) -> CellRules:
    """What was learned from examples and has changed cells, as functions."""
    from inspect import getsource

    from karat.clean.by_example import operations
    from karat.clean.by_example.rules import CODE

    lessons = lessons_in(folder)
    cells = zip(ledger["check"].to_pylist(), ledger["column"].to_pylist(), strict=True)
    used = {column for check, column in cells if check == CODE}
    rules = [rule for rule in lessons.rules if rule.column in used] if lessons is not None else []
    if lessons is None or not rules:
        return NO_RULES
    functions = tuple((rule.column, rule.code(f"rule_{at}")) for at, rule in enumerate(rules, start=1))
    return CellRules(CODE, getsource(operations), functions, lessons.checked)
