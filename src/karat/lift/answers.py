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
        answers = self.answers.to_pydict() if self.answers is not None else None
        decided = self.decided
        cases = (
            [sorted(map(repr, part.items())) for part in (decided.cells, decided.kept, decided.dropped)]
            if decided
            else None
        )
        return digest(self.named, answers, cases)

    @cached_property
    def rows(self) -> frozenset[int]:
        """The records that somebody has spoken of."""
        rows = set(self.answers["row"].to_pylist()) if self.answers is not None else set()
        if self.decided is not None:
            rows |= {row for row, _ in self.decided.cells} | self.decided.kept.keys() | self.decided.dropped.keys()
        return frozenset(rows)

    def __call__(self, block: Block) -> Refined:
        """What is found on these records, and the changes; Karat's own opinion gives way to a person's."""
        refined = self.refine(block)
        findings, patches, waiting = self._taken_in(block, refined.findings, refined.patches, refined.waiting)
        return replace(refined, findings=findings, patches=dict(sorted(patches.items())), waiting=waiting)

    def judged(self, block: Block) -> Block:
        """The records with the targets that people put right: held-out labels are changed by nobody else."""
        patch = self._taken_in(block, no_findings(), {}, no_changes())[1].get(ANSWERS, no_changes())
        target = block.schema.target
        names = patch["column"].to_pylist()
        return patched(block, patch.filter(pa.array([target is not None and name == target.name for name in names])))

    def _taken_in(
        self, block: Block, findings: pa.Table, patches: dict[str, pa.Table], waiting: pa.Table
    ) -> tuple[pa.Table, dict[str, pa.Table], pa.Table]:
        if self.answers is not None:
            findings, patches, waiting = answered(block, self.answers, findings, patches, waiting)
        if self.decided is not None:
            findings, patches, waiting = self.decided.taken_in(block, findings, patches, waiting)
        return findings, patches, waiting


def judged_by(refine: Any, block: Block) -> Block | None:
    """The records as people's answers judge them; None where nobody has put a target right."""
    judged = refine.judged(block) if isinstance(refine, Answering) else block
    return None if judged is block else judged


def asked_of_models(refine: Any) -> frozenset[str]:
    """What the checks that a way of refining was given want to know from models."""
    inner = refine.refine if isinstance(refine, Answering) else refine
    checks = getattr(inner, "keywords", {}).get("checks") or ()
    return frozenset(need for check in checks for need in check.needs)
