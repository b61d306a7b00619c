"""The door of a served model: the checks of training, frozen, judge each record that comes in.

The same two halves as everywhere: ``learn`` ran on the training data and left a state; here only ``judge`` runs, on
one record or on the few that arrived together. What a check says about a record must not depend on its company.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.finding import DoesNotApply, no_findings
from karat.core.schema import Role, Schema
from karat.core.state import State, freeze, thaw
from karat.core.unit import Check

Checks = Mapping[str, tuple[Check, State]]
NOT_AT_THE_DOOR = frozenset({Role.TARGET, Role.IGNORE, Role.IMAGE})


def save_checks(checks: Checks, path: Path) -> None:
    """Write checks and what they learned, to judge later records with.

    Parameters
    ----------
    checks : mapping of str to (Check, State)
        By code. Those that cannot judge one record alone are left out.
    path : Path
        Usually ``model/checks.json`` of a run folder.
    """
    held = {code: {"unit": unit, "state": state} for code, (unit, state) in sorted(checks.items()) if _fits(unit)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(freeze(held), encoding="utf-8")


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
        held = thaw(path.read_text(encoding="utf-8"))
        return {code: (entry["unit"], entry["state"]) for code, entry in held.items()}
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError, ImportError) as error:
        raise InputError("frozen checks wanted", f"{type(error).__name__}: {error}", str(path),
                         "run `karat run` again to write them anew") from error


def _fits(unit: Check) -> bool:
    return unit.at_the_door and not unit.needs


@dataclass
class Door:
    """Judges records with frozen checks, and counts what the checks themselves could not do.

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

    def judge(self, block: Block) -> pa.Table:
        """Findings about the block's records, ``row`` as in ``block.rows``; sorted by row, column and check."""
        parts = [self._one(code, unit, state, block) for code, (unit, state) in self.checks.items() if _fits(unit)]
        parts = [part for part in parts if part.num_rows]
        if not parts:
            return no_findings()
        found = pa.concat_tables(parts)
        unseen = pa.array([column.name for column in self.schema if column.role in NOT_AT_THE_DOOR], pa.string())
        keep = pc.and_(pc.is_valid(found["row"]), pc.invert(pc.is_in(found["column"], unseen)))
        return found.filter(keep).sort_by([(name, "ascending") for name in ("row", "column", "check")])

    def _one(self, code: str, unit: Check, state: Any, block: Block) -> pa.Table:
        try:
            found = unit.judge(state, block, state if unit.ordered else None)
        except Exception:  # noqa: BLE001  a third party's check may fail in any way; the model must still answer
            self.broken[code] = self.broken.get(code, 0) + 1
            return no_findings()
        return no_findings() if isinstance(found, DoesNotApply) else found


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
    return Door(schema, checks).judge(as_block(table, schema))


def as_block(table: pa.Table, schema: Schema) -> Block:
    """Records as a block with the training schema; absent columns are blank."""
    n, held = table.num_rows, set(table.column_names)
    columns = [table.column(name) if name in held else pa.nulls(n, pa.string()) for name in schema.names]
    return Block(np.arange(n, dtype=np.int64), pa.table(columns, names=list(schema.names)), schema)


def unreadable(block: Block) -> list[tuple[int, str, str]]:
    """Cells that stand where a number or a time should, and are neither that nor missing: (record, column, text)."""
    out = []
    for column in block.schema.features:
        if column.role is Role.TIME:
            bad = np.isnat(block.times(column.name))
        elif column.role is Role.NUMBER:
            bad = np.isnan(block.numbers(column.name))
        else:
            continue
        at = np.flatnonzero(bad & ~block.missing(column.name))
        out += [(int(i), column.name, block.text(column.name)[int(i)].as_py()) for i in at]
    return sorted(out)
