"""Find and mend on records in memory: what a proof repeats inside every fold, and what mends tomorrow's records."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.patch import apply, no_changes
from karat.core.plugins import attempted
from karat.core.registry import instances
from karat.core.scoring_check import ScoringCheck
from karat.core.unit import Check, Fix
from karat.flow import engine
from karat.flow.dataset import Dataset
from karat.flow.engine import Learned
from karat.flow.guard import Guard, Limits, Stop, without


def all_fixes() -> list[Fix]:
    """One of every fix found, with its default parameters."""
    return instances("fix")


@dataclass(frozen=True)
class Refined:
    """What was learned from records, what is wrong with them, and the patches.

    Parameters
    ----------
    block : Block
        The records it learned from.
    learned : Learned
        The checks' states.
    findings : pyarrow.Table
        Findings, those about whole columns first.
    patches : dict of str to pyarrow.Table
        Ledger rows by fix family, safe fixes only.
    waiting : pyarrow.Table
        Ledger rows of unsafe fixes: for a person, or a proof.
    stops : tuple of Stop
        What the guard stopped.
    """

    block: Block
    learned: Learned
    findings: pa.Table
    fixes: tuple[Fix, ...]
    patches: dict[str, pa.Table]
    waiting: pa.Table
    stops: tuple[Stop, ...] = ()

    def apply(self, families: Collection[str] | None = None) -> Block:
        """The records with the patches of some families (None: all safe ones) applied."""
        return patched(self.block, joined(self.patches, families))

    def mend(self, block: Block, families: Collection[str] | None = None) -> Block:
        """Other records mended by the row-wise fixes, judged with what was learned here."""
        checks = {code: check for code, check in self.learned.checks.items() if check.at_the_door}
        door = replace(self.learned, checks=checks)
        findings = engine.judge_block(door, block)
        fixes = [fix for fix in self.fixes if fix.row_wise and fix.safe]
        patches = propose(fixes, block, findings, self.stops)[0]
        return patched(block, joined(patches, families))


def refine(
    block: Block,
    *,
    checks: Sequence[Check] | None = None,
    fixes: Sequence[Fix] | None = None,
    workers: int = 1,
    allowed: Collection[str] = (),
    limits: Limits | None = None,
) -> Refined:
    """Learn from the records, judge them, and propose what to mend.

    Parameters
    ----------
    block : Block
        Any number of records.
    checks, fixes : sequences or None
        None takes every unit there is; checks whose findings never change anything are left out.
    allowed : collection of str
        Steps that the guard may not stop.
    limits : Limits or None
        Of the guard; None takes the usual ones.
    """
    data = Dataset.of(block)
    every = engine.all_checks() if checks is None else checks
    checks = [check for check in every if not isinstance(check, ScoringCheck)]
    learned = engine.learn(data, checks, workers=workers)
    judged = [findings for _, findings in engine.judge(data, learned, workers=workers)]
    findings = pa.concat_tables([engine.conclude(learned, block.schema), *judged]).combine_chunks()
    chosen = tuple(fixes if fixes is not None else all_fixes())
    patches, waiting = propose(chosen, block, findings)
    stops = _stops(block, patches, allowed, limits)
    if stops:
        patches, waiting = propose(chosen, block, findings, stops)
    return Refined(block, learned, findings, chosen, patches, waiting, stops)


def _stops(
    block: Block, patches: Mapping[str, pa.Table], allowed: Collection[str], limits: Limits | None
) -> tuple[Stop, ...]:
    guard = Guard(block.schema, limits)
    guard.count(block)
    for patch in patches.values():
        guard.see(block, patch)
    return tuple(guard.stopped(allowed))


def propose(
    fixes: Sequence[Fix], block: Block, findings: pa.Table, stops: Collection[Stop] = ()
) -> tuple[dict[str, pa.Table], pa.Table]:
    """Patches of the safe fixes by family, and those of the unsafe ones, and of stopped steps, together."""
    safe: dict[str, pa.Table] = {}
    unsafe = [no_changes()]
    here = findings.filter(pc.is_valid(findings["row"]))
    for fix in fixes:
        patch = attempted(fix, "propose", partial(fix.propose, block, here), no_changes())
        if not patch.num_rows:
            continue
        if fix.safe:
            patch, stopped = without(patch, stops)
            safe[fix.family] = pa.concat_tables([safe.get(fix.family, no_changes()), patch])
            unsafe.append(stopped)
        else:
            unsafe.append(patch)
    return dict(sorted(safe.items())), pa.concat_tables(unsafe)


def joined(patches: dict[str, pa.Table], families: Collection[str] | None = None) -> pa.Table:
    """The patches of some families (None: all) as one ledger, in family order."""
    return pa.concat_tables(
        [no_changes(), *(p for family, p in patches.items() if families is None or family in families)]
    )


def patched(block: Block, patch: pa.Table) -> Block:
    """The block with a patch applied; the very same block when there is nothing to apply."""
    if not patch.num_rows:
        return block
    table, rows = apply(block.table, block.rows, patch)
    return Block(
        rows,
        table,
        block.schema,
        {k: v for k, v in block.extra.items() if not hasattr(v, "__len__") or isinstance(v, str)},
    )
