"""The door of a served model: the checks of training, frozen, judge each record that comes in.

The same two halves as everywhere: ``learn`` ran on the training data and left a state; here only ``judge`` runs, on
one record or on the few that arrived together. What a check says about a record must not depend on its company.
"""

import json
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.finding import FINDINGS, DoesNotApply
from karat.core.parsing import PLAIN_NUMBER
from karat.core.plugins import present
from karat.core.record_cells import Doubts, QuickLook
from karat.core.registry import units
from karat.core.schema import Column, Role, Schema
from karat.core.state import State, freeze, thaw
from karat.core.unit import Check
from karat.deploy.request_records import RequestRecords
from karat.quality.annotating import annotated, needed
from karat.quality.by_value import ByValue, judged_columns
from karat.quality.calibration import calibrated, worth
from karat.quality.distinct import Distinct
from karat.quality.quiet_numbers import QuietNumbers, quiet_for_all

Checks = Mapping[str, tuple[Check, State]]
Finding = dict[str, Any]
MAX_KNOWN_BYTES = 64 * 2**20  # cost: memory for what checks said of texts; beyond, the oldest are forgotten
MAX_KNOWN_TEXT = 256  # cost: characters; longer texts hardly come again
FIRST_TEXTS = 256  # cost: of each column, judged before the first request
ENTRY_BYTES, FINDING_BYTES = 300, 1_200  # measured: of a remembered text, and of a finding about it
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
    max_known_bytes: int = MAX_KNOWN_BYTES
    _order: deque[tuple[dict[str, tuple[Finding, ...]], str]] = field(default_factory=deque)
    _known_bytes: int = 0

    def __post_init__(self) -> None:
        fitting = {code: fitted for code, fitted in self.checks.items() if _fits(fitted[0])}
        self._texts_judged: dict[str, tuple[Any, Any]] = {
            code: fitted for code, fitted in fitting.items() if _judges_texts(fitted[0])
        }
        self._numbers_judged = {
            code: fitted for code, fitted in self._texts_judged.items() if getattr(fitted[0], "of_plain_numbers", True)
        }
        self._records_judged = {code: fitting[code] for code in sorted(fitting.keys() - self._texts_judged.keys())}
        self._looks = {
            code: look for code, fitted in self._records_judged.items() if (look := self._look(code, fitted))
        }
        self._unseen = {column.name for column in self.schema if column.role in NOT_AT_THE_DOOR}
        self._needed = needed([unit for unit, _ in fitting.values()], self.schema)

    def judge(self, records: RequestRecords) -> list[Finding]:
        """Findings about the records, ``row`` from 0; sorted by row, column and check.

        What a check says of a request does not depend on the requests beside it: each is judged as a table of its own.
        """
        out = self._by_value(records)
        for start, request in self._doubtful(records):
            block = None
            for code, fitted in request.items():
                if block is None:
                    block = self._annotated(records.part(start))
                judged = self._tried(code, partial(_on_block, *fitted, block))
                out += [finding | {"row": finding["row"] - int(block.rows[0]) + start} for finding in judged]
        out = [finding for finding in out if finding["column"] not in self._unseen] if out else out
        return sorted(out, key=lambda judged: (judged["row"], judged["column"] or "", judged["check"]))

    def _doubtful(self, records: RequestRecords) -> list[tuple[int, Checks]]:
        """The requests, by their first record, with the checks that may have something to say about them."""
        by_start: dict[int, dict[str, tuple[Check, State]]] = {}
        for code, fitted in self._records_judged.items():
            look = self._looks.get(code)
            try:
                starts = records.starts if look is None else _starts(look, records)
            except Exception:  # noqa: BLE001  as in _tried
                self.broken[code] = self.broken.get(code, 0) + 1
                continue
            for start in starts:
                by_start.setdefault(start, {})[code] = fitted
        return sorted(by_start.items()) if by_start else []

    def _annotated(self, block: Block) -> Block:
        for code, unit in self._needed.items():
            try:
                block = annotated(block, {code: unit})
            except Exception:  # noqa: BLE001  the same; the checks that need it then count as broken
                self.broken[code] = self.broken.get(code, 0) + 1
        return block

    def _look(self, code: str, fitted: tuple[Check, State]) -> Doubts | None:
        check, state = fitted
        if not isinstance(check, QuickLook):
            return None
        looks: list[Doubts | None] = self._tried(code, lambda: [check.doubts(state, self.schema)])
        return looks[0] if looks else None

    def _tried(self, code: str, judge: Callable[[], list[Any]]) -> list[Any]:
        try:
            return judge()
        except Exception:  # noqa: BLE001  a third party's check may fail in any way; the model must still answer
            self.broken[code] = self.broken.get(code, 0) + 1
            return []

    def _by_value(self, records: RequestRecords) -> list[Finding]:
        out: list[Finding] = []
        alone = records.alone
        for name, column, known, quiet in self._memory if self._texts_judged else ():
            if alone and quiet is not None and (number := alone.get(name)) is not None and quiet.holds(number):
                continue
            texts = records.texts(name)
            if len(texts) == 1 and (texts[0] is None or known.get(texts[0]) == ()):
                continue
            new = [text for text in dict.fromkeys(texts) if text is not None and text not in known]
            said = self._learned(column, new, known, quiet) if new else {}
            for row, text in enumerate(texts):
                if text is not None and (findings := known.get(text) or said.get(text)):
                    out += [finding | {"row": row} for finding in findings]
        return out

    @cached_property
    def _memory(self) -> list[tuple[str, Column, dict[str, tuple[Finding, ...]], QuietNumbers | None]]:
        """The judged columns: name, column, what was said of texts, and numbers of which nothing is ever said."""
        return [(column.name, column, {}, self._quiet(column)) for column in judged_columns(self.schema)]

    def _quiet(self, column: Column) -> QuietNumbers | None:
        if not _plainly_read(column):
            return None
        schema = self.schema.by_name
        try:
            return quiet_for_all(unit.quiet(state, column, schema) for unit, state in self._texts_judged.values())
        except Exception:  # noqa: BLE001  a third party's check may fail in any way: then each is asked
            return None

    def remember(self, most: int = FIRST_TEXTS) -> None:
        """Judge the commonest texts that were learned from, so that the first requests need not wait for it."""
        for name, column, known, quiet in self._memory if self._texts_judged else ():
            tallies = (state.columns.get(name) for _, state in self._texts_judged.values())
            tally = next((tally for tally in tallies if tally is not None), None)
            if tally is None or column.numeric:
                continue
            often = np.argsort(-tally.counts, kind="stable")[:most].tolist()
            self._learned(column, [text for at in often if (text := tally.values[at])], known, quiet)

    def _learned(
        self, column: Column, texts: list[str], known: dict[str, tuple[Finding, ...]], quiet: QuietNumbers | None
    ) -> dict[str, tuple[Finding, ...]]:
        """What checks say of texts that are not known yet; of quiet numbers there is nothing to say or to remember."""
        number = _plainly_read(column)
        plain = [text for text in texts if number and PLAIN_NUMBER(text)]
        others = [text for text in texts if not (number and PLAIN_NUMBER(text))]
        asked = [text for text in plain if quiet is None or not quiet.holds(float(text))]
        groups = [(Distinct.plain(text, column), [text], self._numbers_judged) for text in asked]
        if others:
            ones = np.ones(len(others), np.int64)
            groups.append((Distinct(others, column, ones), others, self._texts_judged))
        out: dict[str, tuple[Finding, ...]] = {}
        for distinct, some, checks in groups:
            by_text: dict[str, list[Finding]] = {text: [] for text in some}
            for code, (unit, state) in checks.items():
                for finding in self._tried(code, partial(_on_texts, unit, state, column, self.schema, distinct)):
                    by_text[finding["value"]].append(finding)
            out |= {text: tuple(findings) for text, findings in by_text.items()}
        self._remember(known, out)
        return out

    def _remember(self, known: dict[str, tuple[Finding, ...]], said: Mapping[str, tuple[Finding, ...]]) -> None:
        for text, findings in said.items():
            if len(text) <= MAX_KNOWN_TEXT and text not in known:
                known[text] = findings
                self._order.append((known, text))
                self._known_bytes += _bytes(text, findings)
        while self._known_bytes > self.max_known_bytes:
            holder, oldest = self._order.popleft()
            self._known_bytes -= _bytes(oldest, holder.pop(oldest))


def _plainly_read(column: Column) -> bool:
    """Is a plainly written number of the column read as what it says?"""
    return column.numeric and column.decimal == "." and not column.thousands


def _bytes(text: str, findings: Sequence[Finding]) -> int:
    """Bytes that a remembered text takes, about."""
    return ENTRY_BYTES + 4 * len(text) + len(findings) * (FINDING_BYTES + 4 * len(text))


def _starts(look: Doubts, records: RequestRecords) -> list[int]:
    """The first records of the requests in which a look doubts something."""
    starts, doubted = records.starts, look(records)
    if len(starts) == 1 or not doubted:
        return starts if doubted else []
    return sorted({starts[bisect_right(starts, at) - 1] for at in doubted})


def _judges_texts(unit: Check) -> bool:
    """Does what the check says of a cell follow from the cell's text alone?"""
    kind = type(unit)
    return isinstance(unit, ByValue) and kind.judge is ByValue.judge and kind.cells is ByValue.cells  # type: ignore[attr-defined]


def _on_block(unit: Check, state: Any, block: Block) -> list[Finding]:
    findings = unit.judge(state, block.by_name, state if unit.ordered else None)
    rows: list[Finding] = [] if isinstance(findings, DoesNotApply) else calibrated(unit.code(), findings).to_pylist()
    return [finding for finding in rows if finding["row"] is not None]


def _on_texts(unit: Any, state: Any, column: Column, schema: Schema, distinct: Distinct) -> list[Finding]:
    judged = column.name in state.columns and unit.suits(column)
    rule = unit.rule_for(state, column, schema.by_name) if judged else None
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


def as_block(table: pa.Table, schema: Schema) -> Block:
    """Records as a block with the training schema; absent columns are blank."""
    n, sent = table.num_rows, set(table.column_names)
    kinds = [pa.binary() if column.type == "binary" else pa.string() for column in schema]
    columns = [
        table.column(c.name) if c.name in sent else pa.nulls(n, kind) for c, kind in zip(schema, kinds, strict=True)
    ]
    return Block(np.arange(n, dtype=np.int64), pa.table(columns, names=list(schema.names)), schema)
