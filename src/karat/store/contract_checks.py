"""Records held against a contract: what breaks it, by row, in words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Timer
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import ROW, Block
from karat.core.errors import InputError, OptionError
from karat.core.finding import Dimension, findings, no_findings
from karat.core.schema import Column, Role, Schema
from karat.store.contract import PHYSICAL, Contract, ContractRule, Property

QUERY_SECONDS = 60.0  # cost: as long as a query on a database may take ([collect] max_query_seconds)
ALONE: dict[str, Any] = {  # as a stranger's database is opened: nothing is read but the records
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
    "memory_limit": "1GB",
}
WHERE = re.compile(
    r"^\s*select\s+count\s*\(\s*\*\s*\)\s+from\s+karat_table\s+where\s+(.+?);?\s*$", re.IGNORECASE | re.DOTALL
)
HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "mustBe": lambda a, b: a == b,
    "mustNotBe": lambda a, b: a != b,
    "mustBeGreaterThan": lambda a, b: a > b,
    "mustBeGreaterOrEqualTo": lambda a, b: a >= b,
    "mustBeLessThan": lambda a, b: a < b,
    "mustBeLessOrEqualTo": lambda a, b: a <= b,
    "mustBeBetween": lambda a, b: b[0] <= a <= b[1],
    "mustNotBeBetween": lambda a, b: not b[0] <= a <= b[1],
}


def check_contract(contract: Contract, block: Block) -> pa.Table:
    """Findings about what breaks a contract; none when it is kept.

    Parameters
    ----------
    block : Block
        All records; keys and counts are only judged right over the whole.

    Raises
    ------
    InputError, OptionError
        A query or a reference that cannot be answered.
    """
    parts = []
    known = [prop for prop in contract.properties if prop.name in block.schema]
    for prop in contract.properties:
        if prop not in known:
            parts.append(
                _whole(
                    "ContractColumn",
                    Dimension.COMPLETENESS,
                    prop.name,
                    "the contract has this column; the data has not",
                )
            )
    typed_block = _under(block, known)
    for prop in known:
        parts += _column(typed_block, prop)
    keys = [key for key in contract.keys if key in typed_block.schema]
    if keys:
        parts.append(_repeated(typed_block, tuple(keys)))
    for rule in contract.rules:
        parts.append(_rule(typed_block, rule, None))
    return pa.concat_tables([no_findings(), *parts]).combine_chunks()


def _under(block: Block, known: list[Property]) -> Block:
    """The block, its columns read as the contract says."""
    columns = {}
    for prop in known:
        column = block.schema[prop.name]
        form = str(prop.options.get("format", "")) if prop.kind in ("timestamp", "date") else ""
        nulls = tuple(dict.fromkeys([*column.nulls, *prop.missing]))
        kind = PHYSICAL.get(prop.kind, column.type)
        columns[prop.name] = replace(column, type=kind, nulls=nulls, format=form or column.format)
    return Block(
        block.rows, block.table, Schema(tuple(columns.get(c.name, c) for c in block.schema), block.schema.task)
    )


def _whole(code: str, dimension: Dimension, column: str | None, message: str) -> pa.Table:
    return findings(code, dimension, 1, column=[column], message=[message], confidence=1.0)


def _cells(block: Block, code: str, dimension: Dimension, column: str, bad: np.ndarray, message: str) -> pa.Table:
    at = np.flatnonzero(bad)
    values = block.text(column).take(pa.array(at))
    return findings(
        code, dimension, len(at), row=block.rows[at], column=column, value=values, message=message, confidence=1.0
    )


def _column(block: Block, prop: Property) -> list[pa.Table]:
    gap = block.missing(prop.name)
    parts = []
    if prop.required:
        parts.append(
            _cells(block, "ContractRequired", Dimension.COMPLETENESS, prop.name, gap, "the contract wants a value here")
        )
    read = _read(block, prop)
    if read is not None:
        parts.append(
            _cells(
                block,
                "ContractType",
                Dimension.CONSISTENCY,
                prop.name,
                ~gap & ~read[1],
                f"the contract wants a {prop.kind}",
            )
        )
        parts += _bounds(block, prop, *read)
    parts += _texts(block, prop, ~gap)
    if prop.unique:
        parts.append(_repeated(block, (prop.name,)))
    if prop.reference:
        parts.append(_referred(block, prop, ~gap))
    parts += [_rule(block, rule, prop) for rule in prop.rules]
    return parts


def _read(block: Block, prop: Property) -> tuple[np.ndarray, np.ndarray] | None:
    """Numbers or times of a column and which could be read; None for texts."""
    if prop.kind in ("integer", "number"):
        values = block.numbers(prop.name)
        good = np.isfinite(values)
        return values, good & (values == np.round(values)) if prop.kind == "integer" else good
    if prop.kind in ("timestamp", "date"):
        times = block.times(prop.name)
        return times, ~np.isnat(times)
    if prop.kind == "boolean":
        words = pc.utf8_lower(block.text(prop.name))
        return np.zeros(0), np.asarray(
            pc.fill_null(pc.is_in(words, pa.array(["true", "false", "0", "1", "yes", "no"])), fill_value=False)
        )
    return None


def _bounds(block: Block, prop: Property, values: np.ndarray, good: np.ndarray) -> list[pa.Table]:
    tests: dict[str, Callable[[np.ndarray, Any], np.ndarray]] = {
        "minimum": lambda v, b: v < b,
        "maximum": lambda v, b: v > b,
        "exclusiveMinimum": lambda v, b: v <= b,
        "exclusiveMaximum": lambda v, b: v >= b,
        "multipleOf": lambda v, b: ~np.isclose(v / b, np.round(v / b)),
    }
    parts = []
    for key, breaks in tests.items():
        if key in prop.options and len(values):
            bound = prop.options[key]
            bound = np.datetime64(str(bound), "us") if values.dtype.kind == "M" else float(bound)
            with np.errstate(invalid="ignore"):
                bad = good & breaks(values, bound)
            parts.append(
                _cells(
                    block,
                    "ContractRange",
                    Dimension.ACCURACY,
                    prop.name,
                    bad,
                    f"the contract says {key} {prop.options[key]}",
                )
            )
    return parts


def _texts(block: Block, prop: Property, there: np.ndarray) -> list[pa.Table]:
    text = block.text(prop.name)
    parts = []
    if "pattern" in prop.options:
        parts.append(
            _cells(
                block,
                "ContractPattern",
                Dimension.CONSISTENCY,
                prop.name,
                there & ~_matches(text, prop.options["pattern"], prop.name),
                f"the contract wants the pattern {prop.options['pattern']}",
            )
        )
    lengths = (
        np.asarray(pc.fill_null(pc.utf8_length(text), 0)) if {"minLength", "maxLength"} & set(prop.options) else None
    )
    for key, sign in (("minLength", 1), ("maxLength", -1)):
        if lengths is not None and key in prop.options:
            bad = there & (sign * lengths < sign * int(prop.options[key]))
            parts.append(
                _cells(
                    block,
                    "ContractPattern",
                    Dimension.CONSISTENCY,
                    prop.name,
                    bad,
                    f"the contract says {key} {prop.options[key]}",
                )
            )
    return parts


def _matches(text: pa.Array, pattern: str, where: str) -> np.ndarray:
    whole = f"^(?:{pattern.removeprefix('^').removesuffix('$')})$"  # the standard's patterns hold for the whole value
    try:
        return np.asarray(pc.fill_null(pc.match_substring_regex(text, whole), fill_value=False))
    except pa.ArrowInvalid as error:
        raise OptionError(f"{where}: {pattern!r} is not a regular expression: {error}", "Correct the pattern") from None


def _repeated(block: Block, names: tuple[str, ...]) -> pa.Table:
    """Records whose key stands in an earlier record."""
    keys = pa.table(
        {str(at): block.text(name) for at, name in enumerate(names)} | {"at": pa.array(np.arange(len(block)))}
    )
    first = keys.group_by([str(at) for at in range(len(names))]).aggregate([("at", "min")])["at_min"]
    bad = np.ones(len(block), bool)
    bad[first.to_numpy()] = False
    bad &= ~np.logical_and.reduce([block.missing(name) for name in names])
    said = (
        "the contract wants each value once" if len(names) == 1 else f"the contract wants each {', '.join(names)} once"
    )
    if len(names) == 1:
        return _cells(block, "ContractUnique", Dimension.CONSISTENCY, names[0], bad, said)
    at = np.flatnonzero(bad)
    return findings("ContractUnique", Dimension.CONSISTENCY, len(at), row=block.rows[at], message=said, confidence=1.0)


def _referred(block: Block, prop: Property, there: np.ndarray) -> pa.Table:
    assert prop.reference is not None
    path, column = prop.reference
    if not Path(path).exists():
        raise InputError(f"table {path}, to which the contract refers, not found", "Set physicalName of the object")
    import duckdb

    reader = "read_parquet(?)" if path.endswith(".parquet") else "read_csv(?, all_varchar=true)"
    with duckdb.connect() as link:
        try:
            known = link.execute(f"SELECT DISTINCT {_quoted(column)} FROM {reader}", [path]).fetchall()
        except duckdb.Error as error:
            raise InputError(
                f"reference {path} cannot be read: {str(error).splitlines()[0]}", "Check the file"
            ) from None
    values = pa.array([str(value) for (value,) in known if value is not None], pa.string())
    bad = there & ~np.asarray(pc.is_in(block.text(prop.name), values))
    return _cells(
        block, "ContractReference", Dimension.CONSISTENCY, prop.name, bad, f"no such {column} in {Path(path).name}"
    )


def _rule(block: Block, rule: ContractRule, prop: Property | None) -> pa.Table:
    if rule.query:
        return _query(block, rule, prop)
    column = prop.name if prop else None
    bad = _counted(block, rule, prop)
    count = float(bad.sum()) if rule.metric != "rowCount" else float(len(block))
    measured = 100 * count / max(1, len(block)) if rule.percent and rule.metric != "rowCount" else count
    broken = _broken(measured, rule)
    if not broken:
        return no_findings()
    if rule.bounds.get("mustBe") == 0 and column is not None:
        return _cells(
            block, "ContractValues", Dimension.CONSISTENCY, column, bad, f"the contract wants no {rule.metric} here"
        )
    unit = " %" if rule.percent else ""
    return _whole(
        "ContractRule", Dimension.CONSISTENCY, column, f"{rule.name} is {measured:g}{unit}; the contract says {broken}"
    )


def _broken(measured: float, rule: ContractRule) -> str:
    return " and ".join(f"{key} {bound}" for key, bound in rule.bounds.items() if not HOLDS[key](measured, bound))


def _counted(block: Block, rule: ContractRule, prop: Property | None) -> np.ndarray:
    """Which records a metric counts."""
    nothing = np.zeros(len(block), bool)
    if rule.metric == "duplicateValues":
        names = (prop.name,) if prop else tuple(rule.arguments.get("properties") or block.schema.names)
        for name in names:
            if name not in block.schema:
                raise OptionError.unknown("column", name, block.schema.names, rule.name)
        return np.isin(block.rows, _repeated(block, names)["row"].to_numpy())
    if prop is None or rule.metric == "rowCount":
        return nothing
    if rule.metric == "nullValues":
        return np.asarray(pc.is_null(block.text(prop.name)))
    if rule.metric == "missingValues":
        return block.missing(prop.name)
    there = ~block.missing(prop.name)
    valid = rule.arguments.get("validValues")
    bad = nothing
    if valid is not None:
        bad = ~np.asarray(pc.is_in(block.text(prop.name), pa.array([str(v) for v in valid], pa.string())))
    if "pattern" in rule.arguments:
        bad = bad | ~_matches(block.text(prop.name), str(rule.arguments["pattern"]), prop.name)
    return np.asarray(there & bad)


def _query(block: Block, rule: ContractRule, prop: Property | None) -> pa.Table:
    """A query's value held against its bound; where it counts records by a condition, these records."""
    text = re.sub(r"\$?\{(?:object|table)\}", "karat_table", rule.query)
    text = re.sub(r"\$?\{(?:property|column)\}", lambda _: _quoted(prop.name) if prop else "", text)
    measured, broken, rows = _measured(block, text, rule)
    if not broken:
        return no_findings()
    if rows:
        return findings(
            "ContractRule",
            Dimension.CONSISTENCY,
            len(rows),
            row=[row for (row,) in rows],
            message=f"breaks {rule.name}",
            confidence=1.0,
        )
    return _whole(
        "ContractRule",
        Dimension.CONSISTENCY,
        prop.name if prop else None,
        f"{rule.name} is {measured:g}; the contract says {broken}",
    )


def _measured(block: Block, text: str, rule: ContractRule) -> tuple[float, str, list[tuple[Any, ...]]]:
    """The value of a query, the bound that it breaks ("" for none), and the records that it counts."""
    import duckdb

    with duckdb.connect(config=ALONE) as link:
        link.register("karat_table", _typed(block))
        alarm = Timer(QUERY_SECONDS, link.interrupt)
        alarm.daemon = True
        alarm.start()
        try:
            answer = link.execute(text).fetchone()
            measured = float(answer[0]) if answer and answer[0] is not None else 0.0
            broken = _broken(measured, rule)
            counting = WHERE.match(text) if broken and rule.bounds.get("mustBe") == 0 else None
            rows = (
                link.execute(f"SELECT {ROW} FROM karat_table WHERE {counting[1]} ORDER BY {ROW}").fetchall()
                if counting
                else []
            )
        except (duckdb.Error, ValueError) as error:
            raise OptionError(
                f"query of rule {rule.name} failed: {str(error).splitlines()[0]}", "Correct the query"
            ) from None
        finally:
            alarm.cancel()
    return measured, broken, rows


def _typed(block: Block) -> pa.Table:
    """The block with numbers and times as such, gaps as NULL."""
    columns: dict[str, Any] = {ROW: pa.array(block.rows)}
    for column in block.schema:
        columns[column.name] = _values(block, column)
    return pa.table(columns)


def _values(block: Block, column: Column) -> pa.Array:
    if column.numeric:
        return pa.array(block.numbers(column.name), from_pandas=True)
    if column.type == "timestamp":
        return pa.array(block.times(column.name))
    if column.role is Role.IMAGE:
        return block.text(column.name)
    return pc.if_else(pa.array(block.missing(column.name)), None, block.text(column.name))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
