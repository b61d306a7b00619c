"""What people have answered, inside a proof: their word ships always, and their labels judge every arm."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import no_findings
from karat.core.patch import no_changes
from karat.flow.decisions_applied import Settled
from karat.flow.folder import digest
from karat.flow.refine import Refined, patched
from karat.flow.review import ANSWERS, answered


@dataclass(frozen=True, eq=False)
class Answering:
    """A way of refining with people's answers taken in, as a run takes them in.

    Parameters
    ----------
    refine : callable
        Finds and mends on the records it is given.
    named : str
        What that is called, for the cache.
    answers : pyarrow.Table or None
        row, column, value, who: records that a person has checked whole.
    decided : Settled or None
        What people have decided, case by case.
    """

    refine: Callable[[Block], Refined]
    named: str
    answers: pa.Table | None = None
    decided: Settled | None = None

    @cached_property
    def key(self) -> str:
        """A hash of the answers: what was measured without them does not count for these."""
        held = self.answers.to_pydict() if self.answers is not None else None
        told = self.decided
        cases = [sorted(map(repr, part.items())) for part in (told.cells, told.kept, told.dropped)] if told else None
        return digest(self.named, held, cases)

    @cached_property
    def rows(self) -> frozenset[int]:
        """The records that somebody has spoken of."""
        told = set(self.answers["row"].to_pylist()) if self.answers is not None else set()
        if self.decided is not None:
            told |= {row for row, _ in self.decided.cells} | self.decided.kept.keys() | self.decided.dropped.keys()
        return frozenset(told)

    def __call__(self, block: Block) -> Refined:
        """What is found on these records, and the changes; Karat's own opinion gives way to a person's."""
        made = self.refine(block)
        found, patches, waiting = self._taken_in(block, made.findings, made.patches, made.waiting)
        return replace(made, findings=found, patches=dict(sorted(patches.items())), waiting=waiting)

    def judged(self, block: Block) -> Block:
        """The records with the targets that people put right: held-out labels are changed by nobody else."""
        patch = self._taken_in(block, no_findings(), {}, no_changes())[1].get(ANSWERS, no_changes())
        target = block.schema.target
        names = patch["column"].to_pylist()
        return patched(block, patch.filter(pa.array([target is not None and name == target.name for name in names])))

    def _taken_in(
        self, block: Block, found: pa.Table, patches: dict[str, pa.Table], waiting: pa.Table
    ) -> tuple[pa.Table, dict[str, pa.Table], pa.Table]:
        if self.answers is not None:
            found, patches, waiting = answered(block, self.answers, found, patches, waiting)
        if self.decided is not None:
            found, patches, waiting = self.decided.taken_in(block, found, patches, waiting)
        return found, patches, waiting


def judged_by(refine: Any, block: Block) -> Block | None:
    """The records as people's answers judge them; None where nobody has put a target right."""
    made = refine.judged(block) if isinstance(refine, Answering) else block
    return None if made is block else made


def asked_of_models(refine: Any) -> frozenset[str]:
    """What the checks that a way of refining was given want to know from models."""
    inner = refine.refine if isinstance(refine, Answering) else refine
    checks = getattr(inner, "keywords", {}).get("checks") or ()
    return frozenset(need for check in checks for need in check.needs)
