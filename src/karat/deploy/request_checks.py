"""The door of a served model: the checks of training, frozen, judge each record that comes in.

The same two halves as everywhere: ``learn`` ran on the training data and left a state; here only ``judge`` runs, on
one record or on the few that arrived together. What a check says about a record must not depend on its company.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.finding import FINDINGS, DoesNotApply
from karat.core.plugins import present
from karat.core.registry import units
from karat.core.schema import Column, Role, Schema
from karat.core.state import State, freeze, thaw
from karat.core.unit import Check
from karat.quality.annotating import annotated, needed
from karat.quality.by_value import ByValue, Distinct, judged_columns
from karat.quality.calibration import calibrated, worth

Checks = Mapping[str, tuple[Check, State]]
Finding = dict[str, Any]
MAX_KNOWN = 200_000  # cost: texts remembered, over all columns; beyond, they are forgotten and judged anew
NOT_AT_THE_DOOR = frozenset({Role.TARGET, Role.IGNORE})


def save_checks(checks: Checks, path: Path) -> None:
    """Write checks and what they learned, to judge later records with.

    Parameters
    ----------
    checks : mapping of str to (Check, State)
        By code. Those that cannot judge one record alone are left out.
    path : Path
        Usually ``model/checks.json`` of a run folder.
    """
    entries = {code: {"unit": unit, "state": state} for code, (unit, state) in sorted(checks.items()) if _fits(unit)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(freeze(entries), encoding="utf-8")


def load_checks(path: Path) -> dict[str, tuple[Check, State]]:
    """The inverse of ``save_checks``; no file, no checks.

    Raises
    ------
    InputError
        When the file is not what ``save_checks`` writes.
    """
    if not path.exists():
        return {}
    try:
        entries = thaw(path.read_text(encoding="utf-8"))
        return present({code: (entry["unit"], entry["state"]) for code, entry in entries.items()})
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError, ImportError) as error:
        raise InputError(
            f"{path} cannot be read as checks: {type(error).__name__}: {error}", "Run karat run again to write it anew"
        ) from error


def _fits(unit: Check) -> bool:
    return unit.at_the_door and (not unit.needs or unit.needs <= units("annotation").keys())


@dataclass
class Door:
    """Judges records with frozen checks, and counts what the checks themselves could not do.

    What a check on single values says of a text is kept, since a column's texts come back again and again.

    Parameters
    ----------
    schema : Schema
        Of the training data.
    checks : mapping of str to (Check, State)
        By code, as ``load_checks`` gives them.
    broken : dict of str to int
        How often each check failed on a record; a failing check never stops an answer.
    """

    schema: Schema
    checks: Checks
    broken: dict[str, int] = field(default_factory=dict)
    _known: dict[tuple[str, str], tuple[Finding, ...]] = field(default_factory=dict)

    def judge(self, block: Block) -> list[Finding]:
        """Findings about the block's records, ``row`` as in ``block.rows``; sorted by row, column and check."""
        fitting = {code: fitted for code, fitted in self.checks.items() if _fits(fitted[0])}
        by_value = {code: fitted for code, fitted in fitting.items() if _judges_texts(fitted[0])}
        out = self._by_value(by_value, block)
        block = self._annotated(block, [unit for unit, _ in fitting.values()])
        for code in sorted(fitting.keys() - by_value.keys()):
            out += self._tried(code, partial(_on_block, *fitting[code], block))
        unseen = {column.name for column in self.schema if column.role in NOT_AT_THE_DOOR}
        out = [finding for finding in out if finding["column"] not in unseen]
        return sorted(out, key=lambda judged: (judged["row"], judged["column"] or "", judged["check"]))

    def _annotated(self, block: Block, checks: Sequence[Check]) -> Block:
        for code, unit in needed(checks, block.schema).items():
            try:
                block = annotated(block, {code: unit})
            except Exception:  # noqa: BLE001  the same; the checks that need it then count as broken
                self.broken[code] = self.broken.get(code, 0) + 1
        return block

    def _tried(self, code: str, judge: Callable[[], list[Finding]]) -> list[Finding]:
        try:
            return judge()
        except Exception:  # noqa: BLE001  a third party's check may fail in any way; the model must still answer
            self.broken[code] = self.broken.get(code, 0) + 1
            return []

    def _by_value(self, checks: Checks, block: Block) -> list[Finding]:
        out = []
        for column in judged_columns(self.schema) if checks else ():
            texts = block.text(column.name).to_pylist()
            new = [text for text in dict.fromkeys(texts) if text is not None and (column.name, text) not in self._known]
            if new:
                self._learn(checks, column, new)
            for row, text in zip(block.rows.tolist(), texts, strict=True):
                out += [finding | {"row": row} for finding in self._known.get((column.name, text), ())]
        if len(self._known) > MAX_KNOWN:
            self._known.clear()
        return out

    def _learn(self, checks: Checks, column: Column, texts: list[str]) -> None:
        distinct = Distinct(texts, column, np.ones(len(texts), np.int64))
        by_text: dict[str, list[Finding]] = {text: [] for text in texts}
        for code, (unit, state) in checks.items():
            for finding in self._tried(code, partial(_on_texts, unit, state, column, self.schema, distinct)):
                by_text[finding["value"]].append(finding)
        self._known.update({(column.name, text): tuple(findings) for text, findings in by_text.items()})


def _judges_texts(unit: Check) -> bool:
    """Does what the check says of a cell follow from the cell's text alone?"""
    kind = type(unit)
    return isinstance(unit, ByValue) and kind.judge is ByValue.judge and kind.cells is ByValue.cells  # type: ignore[attr-defined]


def _on_block(unit: Check, state: Any, block: Block) -> list[Finding]:
    findings = unit.judge(state, block, state if unit.ordered else None)
    rows: list[Finding] = [] if isinstance(findings, DoesNotApply) else calibrated(unit.code(), findings).to_pylist()
    return [finding for finding in rows if finding["row"] is not None]


def _on_texts(unit: Any, state: Any, column: Column, schema: Schema, distinct: Distinct) -> list[Finding]:
    judged = column.name in state.columns and unit.suits(column)
    rule = unit.rule_for(state, column, schema) if judged else None
    common = {"column": column.name, "check": unit.code(), "dimension": str(unit.dimension)}
    return [
        dict.fromkeys(FINDINGS.names)
        | common
        | {
            "value": distinct.texts[verdict.at],
            "message": verdict.message,
            "suggestion": verdict.suggestion,
            "confidence": worth(unit.code(), verdict.confidence, kind := verdict.kind or unit.writes),
            "kind": kind,
        }
        for verdict in (rule(distinct) if rule else ())
    ]


def judge_records(table: pa.Table, schema: Schema, checks: Checks) -> pa.Table:
    """What is odd about records, in the schema of findings; ``row`` counts the records from 0.

    Parameters
    ----------
    table : pyarrow.Table
        String columns, null = blank; columns that are not there count as blank.
    schema : Schema
        Of the training data.
    checks : mapping of str to (Check, State)
        As ``load_checks`` gives them.
    """
    return pa.Table.from_pylist(Door(schema, checks).judge(as_block(table, schema)), schema=FINDINGS)


def as_block(table: pa.Table, schema: Schema) -> Block:
    """Records as a block with the training schema; absent columns are blank."""
    n, sent = table.num_rows, set(table.column_names)
    kinds = [pa.binary() if column.type == "binary" else pa.string() for column in schema]
    columns = [
        table.column(c.name) if c.name in sent else pa.nulls(n, kind) for c, kind in zip(schema, kinds, strict=True)
    ]
    return Block(np.arange(n, dtype=np.int64), pa.table(columns, names=list(schema.names)), schema)


def unreadable(block: Block) -> list[tuple[int, str, str]]:
    """Cells that stand where a number, time or picture should, and are none and not missing: (record, column, text).

    Of a picture the text is what is wrong with it.
    """
    out: list[tuple[int, str, str]] = []
    for column in block.schema.features:
        if column.role is Role.TIME:
            bad = np.isnat(block.times(column.name))
        elif column.role is Role.NUMBER:
            bad = np.isnan(block.numbers(column.name))
        elif column.type == "binary":
            from karat.kernels.perceptual_hash import looked_at

            seen = looked_at(cell.as_py() for cell in block.text(column.name))
            gaps = block.missing(column.name)
            out += [(i, column.name, look.fault) for i, look in enumerate(seen) if look.fault and not gaps[i]]
            continue
        else:
            continue
        at = np.flatnonzero(bad & ~block.missing(column.name))
        out += [(int(i), column.name, block.text(column.name)[int(i)].as_py()) for i in at]
    return sorted(out)
