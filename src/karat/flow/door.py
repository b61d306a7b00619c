"""New records judged and fixed with what a run has learned: what ``karat apply`` and ``karat watch`` share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.plugins import present
from karat.core.state import thaw
from karat.core.unit import Check, Fix
from karat.flow import engine
from karat.flow.engine import Learned
from karat.flow.guard import Stop, stopped_in, without
from karat.flow.refine import all_fixes, joined, patched, propose
from karat.flow.review import LICENSED

if TYPE_CHECKING:
    from karat.clean.by_example.lessons import Lessons


@dataclass(frozen=True)
class Door:
    """The checks, answers and fixes of a run, for records that it has not learned from.

    Parameters
    ----------
    learned : Learned
        Checks that can judge one record alone, and their states.
    lessons : Lessons or None
        What a person's answers have taught.
    stops : sequence of Stop
        What the guard stopped in the run stays stopped.
    """

    learned: Learned
    lessons: "Lessons | None" = None
    stops: Sequence[Stop] = ()
    _fixes: list[Fix] = field(
        default_factory=lambda: [fix for fix in all_fixes() if fix.row_wise and fix.safe], init=False, repr=False
    )
    _fitting: dict[Any, dict[str, Check]] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, run: Path) -> "Door":
        """The door of a run folder. Raises InputError for a folder that is none."""
        return cls(learned_in(run), lessons_in(run), stopped_in(run))

    def judge(self, block: Block) -> tuple[pa.Table, pa.Table, Block]:
        """Findings about the records, what was changed in them (a ledger), and the records as they are then."""
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
