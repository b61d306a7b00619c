"""What touched one record or one cell, and why, in plain words."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import OptionError
from karat.core.finding import SURE
from karat.show.masking import masked
from karat.show.run_files import Facts
from karat.show.words import short


def why(run_folder: Path, row: int, column: str | None = None) -> list[str]:
    """Lines that say what was found about a record or cell, what was changed, and where it stands in each version.

    Parameters
    ----------
    row : int
        The record's number, ``_row`` in ``data.parquet``.
    column : str, optional
        One of its columns; all when absent.

    Raises
    ------
    InputError
        The folder holds no run.
    OptionError
        The record or the column is not known.
    """
    facts = Facts.of(run_folder)
    if column is not None and facts.schema is not None and column not in facts.schema:
        raise OptionError.unknown("column", column, facts.schema.names, str(facts.folder))
    versions, known = _versions(facts, row, column)
    findings, ledger = _about(facts.findings, row, column), _about(facts.ledger, row, column)
    if not known and not findings.num_rows and not ledger.num_rows:
        raise OptionError(
            f"row {row} is not a record of {facts.folder}", "Rows are numbered from 0; see _row in data.parquet"
        )
    place = f"row {row}" + (f", column {column}" if column is not None else "")
    lines = [f"{place}:"]
    lines += _found_lines(findings, column) or ["  found     nothing wrong here"]
    lines += _ledger_lines(ledger, column) or [
        f"  changed   nothing{'' if facts.has('ledger.parquet') else ': this run only looked'}"
    ]
    lines += _stop_lines(facts, findings)
    lines += _column_lines(facts, column) if column is not None else []
    return lines + versions


def _about(table: pa.Table, row: int, column: str | None) -> pa.Table:
    here = table.filter(pc.equal(table["row"], row))
    if column is None:
        return here
    # what is said of the whole record is said of this cell too
    return here.filter(pc.or_(pc.is_null(here["column"]), pc.fill_null(pc.equal(here["column"], column), False)))


def _quoted(text: str | None) -> str:
    return "blank" if not text else f"{short(masked(text) or '', 120)!r}"


def _found_lines(findings: pa.Table, column: str | None) -> list[str]:
    ordered = sorted(findings.to_pylist(), key=lambda f: (-f["confidence"], f["check"], f["column"] or ""))
    lines = []
    for finding in ordered:
        where = f"{finding['column']}: " if column is None and finding["column"] else ""
        hint = f", suggested {_quoted(finding['suggestion'])}" if finding["suggestion"] is not None else ""
        sure = (
            f"confidence {finding['confidence']:.2f}"
            if finding["confidence"] >= SURE
            else f"only suspicious, confidence {finding['confidence']:.2f}"
        )
        lines.append(
            f"  found     {where}{finding['check']} ({sure}): {short(masked(finding['message']) or '', 300)}{hint}"
        )
    return lines


def _ledger_lines(ledger: pa.Table, column: str | None) -> list[str]:
    return [f"  changed   {_change(change, column)}" for change in ledger.to_pylist()]


def _change(change: dict[str, Any], column: str | None) -> str:
    by = f"by {change['check']}" if change["who"] == "karat" else f"by {change['who']}"
    sure = f", confidence {change['confidence']:.2f}" if change["confidence"] is not None else ""
    limit = (
        f", {change['measure']:g} against a limit of {change['limit']:g}"
        if change["measure"] is not None and change["limit"] is not None
        else ""
    )
    if change["action"] in ("set", "edit"):
        where = f"{change['column']}: " if column is None else ""
        return f"{where}{_quoted(change['before'])} → {_quoted(change['after'])} {by}{sure}{limit}"
    kept = f"; row {change['keeper']} was kept in its place" if change["keeper"] is not None else ""
    done = "removed" if change["action"] == "drop" else "set aside in quarantine"
    return f"the whole record was {done} {by}{sure}{limit}{kept}"


def _stop_lines(facts: Facts, findings: pa.Table) -> list[str]:
    """Steps that the guard stopped and that would have changed this record."""
    here = {(finding["check"], finding["column"]) for finding in findings.to_pylist() if finding["confidence"] >= SURE}
    here |= {(check, None) for check, _ in here}
    stops = facts.rooms.get("clean", {}).get("stopped") or []
    return [f"  stopped   {stop['line']}" for stop in stops if (stop["check"], stop["column"]) in here]


def _column_lines(facts: Facts, column: str | None) -> list[str]:
    whole = facts.findings.filter(pc.is_null(facts.findings["row"]))
    whole = whole.filter(pc.fill_null(pc.equal(whole["column"], column), False))
    return [
        f"  column    {finding['check']}: {short(masked(finding['message']) or '', 300)}"
        for finding in whole.to_pylist()
    ]


def _versions(facts: Facts, row: int, column: str | None) -> tuple[list[str], bool]:
    """A line per version, and whether any of them (or the data) holds the record."""
    if not facts.has("store"):
        return [], _in_data(facts, row)
    from karat.store.versions import Store

    store = Store(facts.folder / "store")
    lines, known = [], False
    for version in store.log():
        record = store.record(version.number, row)
        known = known or record is not None
        if record is None:
            text = "not there"
        elif column is None:
            text = "there"
        else:
            value = record.get(column)
            text = f"<{len(value)} bytes>" if isinstance(value, bytes) else _quoted(value)
        lines.append(f'  version   {version.number} "{version.label}": {text}')
    return lines, known


def _in_data(facts: Facts, row: int) -> bool:
    if facts.data is None or facts.data.is_dir():
        return 0 <= row < int(facts.accounting.get("in", 0))
    import pyarrow.parquet as pq

    return row in set(pq.read_table(facts.data, columns=["_row"])["_row"].to_pylist())
