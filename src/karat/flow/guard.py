"""Stops a step that would remove or overwrite an outsized share of the data; what it stops needs review."""

from collections.abc import Collection, Mapping
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
from karat.flow.settings import Settings

MIN_RECORDS = 20  # unproven: a smaller stratum can lose its few records by chance
MAX_SHARE = 0.3  # unproven: of one source, group or class; lower stops more good steps, higher lets a group be lost
MAX_RATIO = 3.0  # unproven: times what the step takes elsewhere; the same
# definition, as README says: of all records; lower stops more good steps, higher lets more harm through
MAX_REMOVED = 0.05
MAX_CHANGED = 0.2  # definition, as README says: of a column's cells; the same
# definition, as README says: of a column's cells, expected from the confidences; less than one whole cell stops
# nothing
MAX_BROKEN = 1e-3
EXAMPLES = 3  # display: records of a stop
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
    unlimited : tuple of str
        Checks that may remove any share of all records, because the user named them or because nothing is lost by
        it; what they take of one source, group or class is still watched.
    """

    removed: float = MAX_REMOVED
    changed: float = MAX_CHANGED
    broken: float = MAX_BROKEN
    unlimited: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """As the user has set them; a check that has parameters of the user's is one that the user named."""
        clean = settings.clean
        return cls(clean.max_removed, clean.max_changed, clean.max_broken, tuple(sorted(settings.quality)))


@dataclass(frozen=True)
class Stop:
    """A step that was stopped.

    Parameters
    ----------
    step : str
        What ``--allow`` names: a check, or check:column for changed cells.
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
Coded = Mapping[str, tuple[np.ndarray, list[str]]]  # per stratum: codes (n,), -1 where there is none, and their values


class Guard:
    """Counts what each step would remove or overwrite, block by block, and says at the end which steps are stopped.

    A step is one check's removals, or one check's changes of fact in one column. Changes of form and removals marked
    as form (exact copies that share an identity) never count. A removal is also stopped where it takes more than 30 %
    of one source, group or class and at least three times the share it takes elsewhere.

    Parameters
    ----------
    least_share : float
        Share of all records that a source, group or class must have to be watched.
    minority : collection of str
        Strata of which only values that at most half of the records have are watched.
    """

    def __init__(
        self,
        schema: Schema,
        limits: Limits | None = None,
        *,
        least_share: float = 0.0,
        minority: Collection[str] = (),
    ) -> None:
        roles = [Role.SOURCE, Role.GROUP] + ([Role.TARGET] if schema.task == "classification" else [])
        self.limits, self.least_share, self.minority = limits or Limits(), least_share, frozenset(minority)
        self.strata = [column.name for column in schema.with_role(*roles)]
        self.sizes: dict[Stratum, int] = {}
        self.records = 0
        self.removed: dict[str, _Taken] = {}
        self.removed_from: dict[str, dict[Stratum, _Taken]] = {}
        self.changed: dict[tuple[str, str], _Taken] = {}

    def count(self, block: Block) -> None:
        """The strata of one block; once for each block, whatever is done to it."""
        self.add(len(block), {name: block.encoded(name) for name in self.strata})

    def add(self, records: int, coded: Coded) -> None:
        """So many records, and the strata they belong to; once for each record, whatever is done to it."""
        self.records += records
        for name, (codes, values) in coded.items():
            for code, count in enumerate(np.bincount(codes[codes >= 0], minlength=len(values))):
                key = (name, values[code])
                self.sizes[key] = self.sizes.get(key, 0) + int(count)

    def see(self, block: Block, patch: pa.Table) -> None:
        """What is proposed for a block."""
        facts = patch.filter(pc.equal(patch["kind"], FACT))
        gone = facts.filter(pc.is_in(facts["action"], pa.array(["drop", "quarantine"])))
        coded = {name: block.encoded(name) for name in self.strata} if gone.num_rows else {}
        for check in pc.unique(gone["check"]).to_pylist():
            taken = np.isin(block.rows, gone.filter(pc.equal(gone["check"], check))["row"].to_numpy())
            self.remove(check, block.rows[taken], taken, coded)
        cells = facts.filter(pc.is_in(facts["action"], pa.array(["set", "edit"])))
        for pair in cells.group_by(["check", "column"]).aggregate([]).to_pylist():
            same = pc.and_(pc.equal(cells["check"], pair["check"]), pc.equal(cells["column"], pair["column"]))
            some = cells.filter(same)
            doubt = float(np.sum(1 - pc.fill_null(some["confidence"], 1.0).to_numpy()))
            self.changed.setdefault((pair["check"], pair["column"]), _Taken()).add(some["row"].to_numpy(), doubt)

    def remove(self, check: str, rows: np.ndarray, taken: np.ndarray, coded: Coded) -> None:
        """What a check would remove.

        Parameters
        ----------
        rows : ndarray of int64, shape (k,)
            Record numbers.
        taken : ndarray of bool, shape (n,)
            Those records among the ones that ``coded`` speaks of; its k places are in the order of ``rows``.
        """
        if not len(rows):
            return
        self.removed.setdefault(check, _Taken()).add(rows)
        for name, (codes, values) in coded.items():
            own = codes[taken]
            order = np.argsort(own, kind="stable")
            distinct, begins = np.unique(own[order], return_index=True)
            for code, part in zip(distinct.tolist(), np.split(rows[order], begins[1:]), strict=True):
                if code >= 0:
                    self.removed_from.setdefault(check, {}).setdefault((name, values[code]), _Taken()).add(part)

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
        if share > self.limits.removed and check not in self.limits.unlimited:
            reason = f"would remove {taken.size:,} of {self.records:,} records ({_percent(share)})"
            return Stop(check, check, None, reason, tuple(taken.rows))
        for (column, value), part in sorted(
            self.removed_from.get(check, {}).items(),
            key=lambda entry: (-entry[1].size / self.sizes[entry[0]], -entry[1].size, entry[0]),
        ):
            size = self.sizes[column, value]
            elsewhere = (taken.size - part.size) / max(self.records - size, 1)
            share = part.size / size
            if self._watched(column, size) and share > MAX_SHARE and share > MAX_RATIO * elsewhere:
                reason = (
                    f"would remove {share:.0%} of the records with {column} = {value!r} ({part.size:,} of {size:,}) "
                    f"and {elsewhere:.1%} of the others"
                )
                return Stop(check, check, None, reason, tuple(part.rows))
        return None

    def _watched(self, column: str, size: int) -> bool:
        """Is a stratum large enough to be spoken of, and not all there is?"""
        most = self.records / 2 if column in self.minority else self.records - 1
        return max(MIN_RECORDS, self.least_share * self.records) <= size <= most

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
    stops = read_json(record).get("rooms", {}).get("clean", {}).get("stopped", []) if record.exists() else []
    return [Stop(s["step"], s["check"], s["column"], s["reason"], tuple(s["rows"])) for s in stops]
