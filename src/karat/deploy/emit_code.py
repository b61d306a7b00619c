"""The accepted repairs as plain Python and plain SQL that run without Karat.

A repair nobody can read is a repair nobody can trust or move elsewhere. Repairs that repeat, the same text for the
same text in one column, are written once, with the rows they hold for; a cell that was changed twice is written once,
from its first text to its last.
"""

from dataclasses import dataclass, field
from importlib.resources import files

import pyarrow as pa

from karat.core.schema import Schema

REMOVALS = ("drop", "quarantine")
Text = str | None


@dataclass(frozen=True)
class CellRules:
    """Rules that write cells by what stands in the record.

    Parameters
    ----------
    check : str
        Ledger rows of this check follow from the rules.
    operations : str
        Source of the functions that the rules use; the standard library alone.
    functions : tuple of (column, source)
        Each defines ``rule_1``, ``rule_2`` …: a record to (text, say), or None.
    checked : tuple of int
        Records that a person has checked: the rules leave them alone.
    """

    check: str
    operations: str
    functions: tuple[tuple[str, str], ...]
    checked: tuple[int, ...]


NO_RULES = CellRules("", "AGREED = 1.0\n", (), ())


@dataclass
class _Repairs:
    """A ledger, folded.

    Parameters
    ----------
    cells : dict of column to {(before, after): rows}
        Rows rise; every cell occurs once.
    removed : dict of check to rows
    """

    cells: dict[str, dict[tuple[Text, Text], list[int]]] = field(default_factory=dict)
    removed: dict[str, list[int]] = field(default_factory=dict)


def _folded(ledger: pa.Table, schema: Schema) -> _Repairs:
    last: dict[tuple[str, int], tuple[Text, Text]] = {}
    out = _Repairs()
    gone: set[int] = set()
    for change in ledger.select(["row", "column", "action", "before", "after", "check"]).to_pylist():
        row = change["row"]
        if change["action"] in REMOVALS:
            if row not in gone:
                out.removed.setdefault(change["check"], []).append(row)
            gone.add(row)
        else:
            cell = change["column"], row
            last[cell] = last.get(cell, (change["before"], None))[0], change["after"]
    place = {name: at for at, name in enumerate(schema.names)}
    for column, row in sorted(last, key=lambda cell: (place.get(cell[0], len(place)), cell[1])):
        if row not in gone and last[column, row][0] != last[column, row][1]:
            out.cells.setdefault(column, {}).setdefault(last[column, row], []).append(row)
    out.removed = {check: sorted(rows) for check, rows in sorted(out.removed.items())}
    return out


def emit_python(ledger: pa.Table, schema: Schema, rules: CellRules = NO_RULES) -> str:
    """A script of the standard library alone: ``python repairs.py [--rules] INPUT.csv … OUTPUT.csv``.

    It stops when a cell does not hold what it held when the repair was made. What follows from rules is written as
    rules; with ``--rules`` the script applies them alone, to any file with the same columns.

    Parameters
    ----------
    ledger : pyarrow.Table
        As in ``ledger.parquet``.
    schema : Schema
        Of the input; the script finds the delimiter by its column names.
    """
    ruled = {column for column, _ in rules.functions}
    follows = [
        check == rules.check and column in ruled
        for check, column in zip(ledger["check"].to_pylist(), ledger["column"].to_pylist(), strict=True)
    ]
    repairs = _folded(ledger.filter(pa.array([not ruled_out for ruled_out in follows], pa.bool_())), schema)
    lines = [
        f"    {(column, before or '', after or '', rows)!r},"
        for column, pairs in repairs.cells.items()
        for (before, after), rows in _ordered(pairs)
    ]
    gone = [f"    {check!r}: {rows!r}," for check, rows in repairs.removed.items()]
    script = files("karat.deploy").joinpath("repairs.py.txt").read_text("utf-8")
    return script.format(
        columns=repr(list(schema.names)),
        repairs="\n".join(["[", *lines, "]"]),
        removed="\n".join(["{", *gone, "}"]),
        operations=rules.operations,
        functions="\n\n".join(code for _, code in rules.functions),
        rules="[" + ", ".join(f"({column!r}, rule_{at})" for at, (column, _) in enumerate(rules.functions, 1)) + "]",
        checked=repr(set(rules.checked)) if rules.checked else "set()",
    )


def emit_sql(ledger: pa.Table, schema: Schema, table: str) -> str:
    """Statements for a table of text columns with ``_row``, in DuckDB's dialect (and PostgreSQL's).

    Parameters
    ----------
    ledger : pyarrow.Table
        As in ``ledger.parquet``.
    schema : Schema
        Of the input.
    table : str
        Name of the table the statements change.
    """
    repairs, name = _folded(ledger, schema), _quoted(table)
    lines = [
        "-- Repairs written by Karat. The table has the input's columns as text, NULL for blank, and _row from 0:",
        f"-- CREATE TABLE {name} AS",
        "-- SELECT row_number() OVER () - 1 AS _row, * FROM read_csv('INPUT.csv', all_varchar = true);",
        "BEGIN TRANSACTION;",
    ]
    for column, pairs in repairs.cells.items():
        lines += _updates(name, _quoted(column), pairs)
    for check, rows in repairs.removed.items():
        lines.append(f"DELETE FROM {name} WHERE _row IN ({_listed(rows)}); -- {_one_line(check)}")
    return "\n".join([*lines, "COMMIT;", ""])


def _updates(table: str, column: str, pairs: dict[tuple[Text, Text], list[int]]) -> list[str]:
    """One statement for the repairs that repeat, one for those that do not: thousands of cases would be slow."""
    out = []
    repeated = [(pair, rows) for pair, rows in _ordered(pairs) if len(rows) > 1]
    if repeated:
        cases = [
            f"  WHEN {column} IS NOT DISTINCT FROM {_literal(before)} AND _row IN ({_listed(rows)}) "
            f"THEN {_literal(after)}"
            for (before, after), rows in repeated
        ]
        touched = sorted(row for _, rows in repeated for row in rows)
        out += [
            f"UPDATE {table} SET {column} = CASE",
            *cases,
            f"  ELSE {column} END",
            f"WHERE _row IN ({_listed(touched)});",
        ]
    single = [(rows[0], pair) for pair, rows in _ordered(pairs) if len(rows) == 1]
    if single:
        values = ",\n".join(
            f"  ({row}, {_literal(before)}, {_literal(after)})"
            for row, (before, after) in sorted(single, key=lambda repair: repair[0])
        )
        out += [
            f"UPDATE {table} SET {column} = repairs.after FROM (VALUES",
            values,
            ") AS repairs(_row, before, after)",
            f"WHERE {table}._row = repairs._row AND {table}.{column} IS NOT DISTINCT FROM repairs.before;",
        ]
    return out


def _ordered(pairs: dict[tuple[Text, Text], list[int]]) -> list[tuple[tuple[Text, Text], list[int]]]:
    return sorted(pairs.items(), key=lambda pair: (-len(pair[1]), pair[1][0]))


def _listed(rows: list[int]) -> str:
    return ", ".join(map(str, rows))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _one_line(text: str) -> str:
    return " ".join(str(text).split())


def _literal(text: Text) -> str:
    if text is None:
        return "CAST(NULL AS VARCHAR)"
    return " || chr(0) || ".join("'" + part.replace("'", "''") + "'" for part in text.split("\0"))
