"""Stops a step that would remove or overwrite an outsized share of the data; what it stops needs review."""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import FACT
from karat.core.schema import Role, Schema
from karat.flow.folder import read_json

MIN_RECORDS = 20  # a smaller stratum can lose its few records by chance
MAX_SHARE = 0.3  # of one source, group or class
MAX_RATIO = 3.0  # times what the step takes elsewhere
MAX_REMOVED = 0.05  # of all records
MAX_CHANGED = 0.2  # of a column's cells
MAX_BROKEN = 1e-3  # of a column's cells, expected from the confidences; less than one whole cell stops nothing
EXAMPLES = 3
ALL = "all"


@dataclass(frozen=True)
class Limits:
    """Shares in [0, 1] above which a step is stopped.

    Parameters
    ----------
    removed : float
        Of all records, by one check.
    changed : float
        Of a column's cells, by one check, changes of form left out.
    broken : float
        Of a column's cells: those expected to be broken, the sum of (1 - confidence) over changes of fact.
    """

    removed: float = MAX_REMOVED
    changed: float = MAX_CHANGED
    broken: float = MAX_BROKEN


@dataclass(frozen=True)
class Stop:
    """A step that was stopped.

    Parameters
    ----------
    step : str
        What ``--allow`` names: a check, or check:column for changed cells.
    check, column : str or None
    reason : str
        What would have been lost, in words.
    rows : tuple of int
        Examples.
    """

    step: str
    check: str
    column: str | None
    reason: str
    rows: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for the run's summary."""
        return {
            "step": self.step,
            "check": self.check,
            "column": self.column,
            "reason": self.reason,
            "rows": list(self.rows),
            "line": self.line,
        }

    @property
    def line(self) -> str:
        """One line for a person."""
        rows = f"row{'s' if len(self.rows) > 1 else ''} {', '.join(map(str, self.rows))}"
        return f"{self.step} {self.reason} ({rows} among them); run again with --allow {self.step} if this is right"


def _percent(share: float) -> str:
    """A share with two digits: 0.48%, 12%."""
    return f"{100 * share:.2g}%" if share < 0.995 else f"{share:.0%}"


@dataclass
class _Taken:
    """What one step takes: records, or cells of a column."""

    size: int = 0
    expected_broken: float = 0.0
    rows: list[int] = field(default_factory=list)

    def add(self, rows: np.ndarray, doubt: float = 0.0) -> None:
        self.size += len(rows)
        self.expected_broken += doubt
        self.rows = (self.rows + rows[:EXAMPLES].tolist())[:EXAMPLES]


Stratum = tuple[str, str]  # column, value


class Guard:
    """Counts what each step would remove or overwrite, block by block, and says at the end which steps are stopped.

    A step is one check's removals, or one check's changes of fact in one column. Changes of form and removals marked
    as form (exact copies that share an identity) never count. A removal is also stopped where it takes more than 30 %
    of one source, group or class and at least three times the share it takes elsewhere.

    Parameters
    ----------
    schema : Schema
    limits : Limits
    """

    def __init__(self, schema: Schema, limits: Limits | None = None) -> None:
        roles = [Role.SOURCE, Role.GROUP] + ([Role.TARGET] if schema.task == "classification" else [])
        self.limits = limits or Limits()
        self.strata = [column.name for column in schema.with_role(*roles)]
        self.sizes: dict[Stratum, int] = {}
        self.records = 0
        self.removed: dict[str, _Taken] = {}
        self.removed_from: dict[str, dict[Stratum, _Taken]] = {}
        self.changed: dict[tuple[str, str], _Taken] = {}

    def count(self, block: Block) -> None:
        """The strata of one block; once for each block, whatever is done to it."""
        self.records += len(block)
        for name in self.strata:
            codes, values = block.encoded(name)
            for code, count in enumerate(np.bincount(codes[codes >= 0], minlength=len(values))):
                key = (name, values[code])
                self.sizes[key] = self.sizes.get(key, 0) + int(count)

    def see(self, block: Block, patch: pa.Table) -> None:
        """What is proposed for a block."""
        facts = patch.filter(pc.equal(patch["kind"], FACT))
        gone = facts.filter(pc.is_in(facts["action"], pa.array(["drop", "quarantine"])))
        for check in pc.unique(gone["check"]).to_pylist():
            self._see_removals(block, check, gone.filter(pc.equal(gone["check"], check))["row"].to_numpy())
        cells = facts.filter(pc.is_in(facts["action"], pa.array(["set", "edit"])))
        for pair in cells.group_by(["check", "column"]).aggregate([]).to_pylist():
            same = pc.and_(pc.equal(cells["check"], pair["check"]), pc.equal(cells["column"], pair["column"]))
            some = cells.filter(same)
            doubt = float(np.sum(1 - pc.fill_null(some["confidence"], 1.0).to_numpy()))
            self.changed.setdefault((pair["check"], pair["column"]), _Taken()).add(some["row"].to_numpy(), doubt)

    def _see_removals(self, block: Block, check: str, rows: np.ndarray) -> None:
        self.removed.setdefault(check, _Taken()).add(rows)
        hit = np.isin(block.rows, rows)
        for name in self.strata:
            codes, values = block.encoded(name)
            for code in np.unique(codes[hit & (codes >= 0)]).tolist():
                taken = self.removed_from.setdefault(check, {}).setdefault((name, values[code]), _Taken())
                taken.add(block.rows[hit & (codes == code)])

    def stopped(self, allowed: Collection[str]) -> list[Stop]:
        """The steps that may not be taken unasked, by check and column.

        Parameters
        ----------
        allowed : collection of str
            Checks, check:column, or "all".
        """
        if ALL in allowed:
            return []
        stops = [self._removal(check) for check in sorted(self.removed) if check not in allowed]
        for check, column in sorted(self.changed):
            if not {check, f"{check}:{column}"} & set(allowed):
                stops.append(self._change(check, column))
        return [stop for stop in stops if stop is not None]

    def _removal(self, check: str) -> Stop | None:
        taken = self.removed[check]
        share = taken.size / max(self.records, 1)
        if share > self.limits.removed:
            reason = f"would remove {taken.size:,} of {self.records:,} records ({_percent(share)})"
            return Stop(check, check, None, reason, tuple(taken.rows))
        for (column, value), part in sorted(
            self.removed_from.get(check, {}).items(), key=lambda entry: (-entry[1].size, entry[0])
        ):
            size = self.sizes[column, value]
            elsewhere = (taken.size - part.size) / max(self.records - size, 1)
            share = part.size / size
            if size >= MIN_RECORDS and share > MAX_SHARE and share > MAX_RATIO * elsewhere:
                reason = (
                    f"would remove {share:.0%} of the records with {column} = {value!r} ({part.size:,} of {size:,}) "
                    f"and {elsewhere:.1%} of the others"
                )
                return Stop(check, check, None, reason, tuple(part.rows))
        return None

    def _change(self, check: str, column: str) -> Stop | None:
        taken, step = self.changed[check, column], f"{check}:{column}"
        share = taken.size / max(self.records, 1)
        if share > self.limits.changed:
            reason = f"would change {taken.size:,} of {self.records:,} cells of {column} ({_percent(share)})"
        elif taken.expected_broken > max(1.0, self.limits.broken * self.records):
            reason = (
                f"would change {taken.size:,} cells of {column}, of which {taken.expected_broken:.0f} would be "
                f"expected to be right as they are"
            )
        else:
            return None
        return Stop(step, check, column, reason, tuple(taken.rows))


def without(patch: pa.Table, stops: Collection[Stop]) -> tuple[pa.Table, pa.Table]:
    """A patch in two: what may be done, and what the guard stopped."""
    if not stops or not patch.num_rows:
        return patch, patch.slice(0, 0)
    stopped = np.zeros(patch.num_rows, bool)
    for stop in stops:
        same = pc.equal(patch["check"], stop.check)
        place = pc.is_null(patch["column"]) if stop.column is None else pc.equal(patch["column"], stop.column)
        here = pc.and_(pc.and_(same, place), pc.equal(patch["kind"], FACT))
        stopped |= pc.fill_null(here, False).to_numpy(zero_copy_only=False)
    return patch.filter(pa.array(~stopped)), patch.filter(pa.array(stopped))


def stopped_in(run: Path) -> list[Stop]:
    """What the guard stopped in a run: it stays stopped for records that come later."""
    record = run / "run.json"
    told = read_json(record).get("rooms", {}).get("clean", {}).get("stopped", []) if record.exists() else []
    return [Stop(s["step"], s["check"], s["column"], s["reason"], tuple(s["rows"])) for s in told]
