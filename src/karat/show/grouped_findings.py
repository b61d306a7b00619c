"""Findings and changes gathered for a reader: by check, with examples that differ from one another."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.finding import SURE
from karat.core.registry import units
from karat.show.language import about_of, plain, title_of
from karat.show.masking import masked
from karat.show.words import compared, short, value

CELLS = ("set", "edit")  # actions on a cell; the others remove a record
MAX_EXAMPLES = 6  # display: of a check
MAX_LOOKED_AT = 100_000  # cost: the surest findings, among which examples are chosen
DIMENSIONS = ("accuracy", "consistency", "completeness", "timeliness", "confidentiality")


def found_by_check(findings: pa.Table) -> list[dict[str, Any]]:
    """One entry per check: counts, columns, examples; what is sure and frequent first.

    Parameters
    ----------
    findings : pyarrow.Table
        ``FINDINGS`` columns.
    """
    sure = pc.fill_null(pc.greater_equal(findings["confidence"], SURE), False)
    groups = (
        findings.append_column("sure", sure.cast(pa.int64()))
        .group_by(["check", "dimension"])
        .aggregate([("sure", "sum"), ("sure", "count")])
    )
    entries = []
    for group in groups.to_pylist():
        here = findings.filter(pc.equal(findings["check"], group["check"]))
        entries.append(
            {
                "code": group["check"],
                "title": title_of(group["check"]),
                "dimension": group["dimension"],
                "about": about(group["check"]),
                "sure": group["sure_sum"],
                "total": group["sure_count"],
                "columns": _columns(here),
                "examples": _examples(here),
            }
        )
    return sorted(entries, key=lambda e: (e["sure"] == 0, -e["sure"], -e["total"], e["code"]))


def about(code: str) -> str:
    """The first sentence of a check's own page."""
    unit = units("check").get(code) or units("fix").get(code)
    page = " ".join((unit.__doc__ or "").split("\n\n")[0].split()) if unit else ""
    return about_of(code, page if not page.startswith(f"{code}(") else "")


def _columns(here: pa.Table) -> list[tuple[str, int]]:
    counted = here.filter(pc.is_valid(here["column"])).group_by("column").aggregate([("check", "count")])
    pairs = zip(counted["column"].to_pylist(), counted["check_count"].to_pylist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _examples(here: pa.Table) -> list[dict[str, Any]]:
    return [_shown(example) for example in _varied(here, ["column", "value", "suggestion"])]


def _varied(here: pa.Table, alike: list[str]) -> list[dict[str, Any]]:
    """The surest cases, those alike once, a column at a time, so that one bad column does not hide the others.

    Parameters
    ----------
    here : pyarrow.Table
        Findings or changes.
    alike : list of str
        Columns in which two cases must agree to be told as one.
    """
    sure = pc.fill_null(here["confidence"], 0.0).to_numpy()
    order = np.argsort(-sure, kind="stable")[:MAX_LOOKED_AT]
    ranked = here.take(pa.array(order))
    groups = (
        ranked.select(alike)
        .append_column("at", pa.array(np.arange(len(order))))
        .group_by(alike)
        .aggregate([("at", "min"), ("at", "count")])
    )
    first, times = groups["at_min"].to_numpy(), groups["at_count"].to_numpy()
    best = np.lexsort((first, -times, -np.round(sure[order][first], 2)))
    picked = _by_turns(ranked["column"].take(pa.array(first[best])), best)
    rows = ranked.take(pa.array(first[picked])).to_pylist()
    return [row | {"times": int(n)} for row, n in zip(rows, times[picked], strict=True)]


def _by_turns(columns: pa.ChunkedArray, best: np.ndarray) -> np.ndarray:
    """The first cases of each column, then the second ones, and so on."""
    codes = pc.fill_null(columns.combine_chunks().dictionary_encode().indices, -1).to_numpy(zero_copy_only=False)
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-2))
    turn = np.empty(len(codes), np.int64)
    turn[order] = np.arange(len(codes)) - np.repeat(starts, np.diff(np.append(starts, len(codes))))
    return best[np.lexsort((np.arange(len(codes)), turn))[:MAX_EXAMPLES]]


def _shown(example: dict[str, Any]) -> dict[str, Any]:
    before, after = masked(example["value"]), masked(example["suggestion"])
    left, right = compared(before, after) if example["suggestion"] is not None else (value(before), None)
    return {
        "row": example["row"],
        "column": example["column"],
        "times": example["times"],
        "confidence": example["confidence"],
        "value": left if example["value"] is not None or example["suggestion"] is not None else None,
        "suggestion": right,
        "message": short(masked(example["message"]) or "", 400),
    }


def changed_by_check(ledger: pa.Table) -> list[dict[str, Any]]:
    """One entry per check and kind of action: count, columns, examples before and after."""
    groups = ledger.group_by(["check", "action", "who"]).aggregate([("check", "count")])
    entries = []
    for group in groups.to_pylist():
        same = pc.and_(pc.equal(ledger["check"], group["check"]), pc.equal(ledger["action"], group["action"]))
        here = ledger.filter(pc.and_(same, pc.equal(ledger["who"], group["who"])))
        entries.append(
            {
                "code": group["check"],
                "title": title_of(group["check"]),
                "action": group["action"],
                "who": group["who"],
                "count": group["check_count"],
                "columns": _columns(here),
                "examples": _changes(here),
            }
        )
    return sorted(entries, key=lambda e: (-e["count"], e["code"], e["action"]))


def _changes(here: pa.Table) -> list[dict[str, Any]]:
    removal = here["action"][0].as_py() not in CELLS
    return [
        _change(change) for change in _varied(here, ["column", "row"] if removal else ["column", "before", "after"])
    ]


def _change(change: dict[str, Any]) -> dict[str, Any]:
    removal = change["action"] not in CELLS
    before, after = masked(_record(change["before"]) if removal else change["before"]), masked(change["after"])
    left, right = (value(before, 240), None) if removal else compared(before, after)
    kept = plain("Row {row} was kept instead.", row=change["keeper"]) if change["keeper"] is not None else ""
    return {
        "row": change["row"],
        "column": change["column"],
        "times": change["times"],
        "confidence": change["confidence"],
        "value": left,
        "suggestion": right,
        "message": kept,
    }


def _record(text: str | None) -> str | None:
    """A removed record as its values in a row."""
    try:
        record = json.loads(text or "")
    except ValueError:
        return text
    return " · ".join(str(v) for v in record.values() if v not in (None, "")) if isinstance(record, dict) else text
