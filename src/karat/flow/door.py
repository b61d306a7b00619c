"""New records judged and fixed with what a run has learned: what ``karat apply`` and ``karat watch`` share."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.plugins import present
from karat.core.schema import Schema
from karat.core.state import thaw
from karat.core.unit import Check, Fix
from karat.flow import engine
from karat.flow.engine import Learned
from karat.flow.folder import read_json
from karat.flow.guard import Stop, stopped_in, without
from karat.flow.refine import all_fixes, joined, patched, propose
from karat.flow.review import LICENSED

if TYPE_CHECKING:
    from karat.clean.by_example.lessons import Lessons


@dataclass(frozen=True)
class RequestDoor:
    """The checks, answers and fixes of a run, for records that it has not learned from.

    Parameters
    ----------
    schema : Schema
        Of the run.
    learned : Learned
        Checks that can judge one record alone, and their states.
    lessons : Lessons or None
        What a person's answers have taught.
    stops : sequence of Stop
        What the guard stopped in the run stays stopped.
    """

    schema: Schema
    learned: Learned
    lessons: "Lessons | None" = None
    stops: Sequence[Stop] = ()
    _fixes: list[Fix] = field(
        default_factory=lambda: [fix for fix in all_fixes() if fix.row_wise and fix.safe], init=False, repr=False
    )
    _fitting: dict[Any, dict[str, Check]] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, run: Path) -> "RequestDoor":
        """The door of a run folder. Raises InputError for a folder that is none."""
        schema = Schema.from_json(read_json(run / "schema.json"))
        return cls(schema, learned_in(run), lessons_in(run), stopped_in(run))

    def judge(self, block: Block) -> tuple[pa.Table, pa.Table, Block]:
        """Findings about the records, what was changed in them (a ledger), and the records as they are then.

        Columns of the run that the block lacks, such as a target that is not known yet, are blank to the checks, and
        nothing is said of them.
        """
        lacking = [column for column in self.schema if column.name not in block.schema]
        if not lacking:
            return self._judged(block)
        blank = pa.nulls(len(block), pa.string())
        table = block.table
        for column in lacking:
            table = table.append_column(column.name, blank)
        schema = replace(block.schema, columns=(*block.schema, *lacking))
        judged, ledger, mended = self._judged(Block(block.rows, table, schema, block.extra))
        names = pa.array([column.name for column in lacking])
        judged, ledger = (part.filter(pc.invert(pc.is_in(part["column"], names))) for part in (judged, ledger))
        return judged, ledger, Block(mended.rows, mended.table.select(list(block.schema.names)), block.schema)

    def _judged(self, block: Block) -> tuple[pa.Table, pa.Table, Block]:
        names = tuple(block.schema.names)
        if names not in self._fitting:
            checks = self.learned.checks.items()
            self._fitting[names] = {code: check for code, check in checks if check.applies(block.schema) is None}
        judged = engine.judge_block(Learned(self._fitting[names], self.learned.states, {}, {}), block)
        judged = judged if self.lessons is None else self.lessons.judge(block, judged, counted=False)
        patches = propose(self._fixes, block, judged, self.stops)[0]
        if self.lessons is not None:
            taught = self.lessons.repair(judged, patches, self._fixes)
            patches = {name: p if name == LICENSED else without(p, self.stops)[0] for name, p in taught.items()}
        ledger = joined(patches)
        return judged, ledger, patched(block, ledger)


def learned_in(run: Path) -> Learned:
    """The checks and states of a run folder. Raises InputError when there are none."""
    place = run / "checks.json"
    if not place.exists():
        raise InputError(f"{run} is not a run folder", "Make one with karat clean DATA or karat run DATA")
    stored = present(thaw(place.read_text(encoding="utf-8")))
    checks = {code: check for code, (check, _) in stored.items() if check.at_the_door}
    return Learned(checks, {code: state for code, (_, state) in stored.items()}, {}, {})


def lessons_in(run: Path) -> "Lessons | None":
    """What a person's answers have taught in a run folder; None where nobody has answered."""
    place = run / "lessons.json"
    lessons: Lessons | None = thaw(place.read_text(encoding="utf-8")) if place.exists() else None
    return lessons
