"""Findings as the rows of one table: alike ones once, the most certain first, each with what became of it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.finding import SURE
from karat.show.language import title_of
from karat.show.masking import masked
from karat.show.words import compared, short, value

MAX_ROWS = 500  # display: of the table; a page of 10^5 records stays below 2 MB
MAX_EVIDENCE = 320  # display: characters
ALIKE = ("check", "column", "value", "suggestion", "state")
FIXED, REMOVED, REVIEW, REPORTED, SUSPICIOUS = STATES = ("fixed", "removed", "needs review", "reported", "suspicious")


def finding_rows(findings: pa.Table, ledger: pa.Table, review: pa.Table) -> dict[str, Any]:
    """The table of findings.

    Parameters
    ----------
    findings, ledger, review : pyarrow.Table
        As in ``findings.parquet``, ``ledger.parquet``, ``review.parquet``.

    Returns
    -------
    dict
        ``rows`` (list of dict), ``shown`` (findings that these rows stand for), ``total``, and the choices of the
        filters: ``checks`` [(code, title)], ``columns``, ``states``.
    """
    states = _states(findings, ledger, review)
    table = findings.append_column("state", pa.array(states, pa.string()))
    rows = [_row(row) for row in _grouped(table)] if table.num_rows else []
    return {
        "rows": rows,
        "shown": sum(row["times"] for row in rows),
        "total": findings.num_rows,
        "checks": sorted({(row["check"], row["title"]) for row in rows}, key=lambda pair: pair[1]),
        "columns": sorted({row["column"] for row in rows if row["column"] is not None}),
        "states": [state for state in STATES if any(row["state"] == state for row in rows)],
    }


def _states(findings: pa.Table, ledger: pa.Table, review: pa.Table) -> list[str]:
    """What became of each finding; a record that was removed takes all of its findings with it."""
    cells = pc.is_in(ledger["action"], pa.array(["set", "edit"]))
    changed, removed = _cells(ledger.filter(cells)), set(ledger.filter(pc.invert(cells))["row"].to_pylist())
    asked = _cells(review)
    sure = pc.fill_null(pc.greater_equal(findings["confidence"], SURE), fill_value=False).to_pylist()
    out = []
    for row, column, certain in zip(findings["row"].to_pylist(), findings["column"].to_pylist(), sure, strict=True):
        if row is not None and row in removed:
            out.append(REMOVED)
        elif row is not None and (row, column) in changed:
            out.append(FIXED)
        elif row is not None and (row, column) in asked:
            out.append(REVIEW)
        else:
            out.append(REPORTED if certain else SUSPICIOUS)
    return out


def _cells(table: pa.Table) -> set[tuple[int, str | None]]:
    return set(zip(table["row"].to_pylist(), table["column"].to_pylist(), strict=True))


def _grouped(table: pa.Table) -> list[Mapping[str, Any]]:
    """The first of each group of alike findings, a check at a time, so that a frequent check does not hide another."""
    sure = pc.fill_null(table["confidence"], 0.0).to_numpy()
    rows = pc.fill_null(table["row"], -1).to_numpy()
    ranked = table.take(pa.array(np.lexsort((rows, -sure))))
    groups = (
        ranked.select(ALIKE)
        .append_column("at", pa.array(np.arange(table.num_rows)))
        .group_by(list(ALIKE), use_threads=False)
        .aggregate([("at", "min"), ("at", "count")])
    )
    first, times = groups["at_min"].to_numpy(), groups["at_count"].to_numpy()
    checks = groups["check"].combine_chunks().dictionary_encode().indices.to_numpy()
    order = np.lexsort((first, -times))
    turn = np.empty(len(order), np.int64)
    for check in np.unique(checks):
        mine = order[checks[order] == check]
        turn[mine] = np.arange(len(mine))
    picked = np.lexsort((first, turn))[:MAX_ROWS]
    picked = picked[np.argsort(first[picked], kind="stable")]
    firsts = ranked.take(pa.array(first[picked])).to_pylist()
    return [row | {"times": int(n)} for row, n in zip(firsts, times[picked], strict=True)]


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    before, after = masked(row["value"]), masked(row["suggestion"])
    left, right = compared(before, after) if row["suggestion"] is not None else (value(before), None)
    return {
        "row": row["row"],
        "column": row["column"],
        "check": row["check"],
        "title": title_of(row["check"]),
        "dimension": row["dimension"],
        "times": row["times"],
        "state": row["state"],
        "confidence": row["confidence"],
        "value": left if row["value"] is not None or row["suggestion"] is not None else None,
        "suggestion": right,
        "message": short(masked(row["message"]) or "", MAX_EVIDENCE),
        "picture": None,
    }
