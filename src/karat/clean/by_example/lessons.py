"""Everything that answers teach about a table, as one thing that judges records: today's and tomorrow's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.clean.answers import Key, Trust, learn_from_answers
from karat.clean.by_example.model import NOTHING, Belief, learn_belief, overlooked
from karat.clean.by_example.neighbours import TableKnowledge
from karat.clean.by_example.options import FEATURES, NEIGHBOURS, OWN, SPELLING, CellOptions, options
from karat.clean.by_example.rules import CODE as RULED
from karat.clean.by_example.rules import (
    MOST_LOOKED_AT,
    AnsweredExample,
    CorrectionRule,
    learn_rules,
    opposed_moves,
    rule_findings,
)
from karat.clean.repair_cells import RepairCells
from karat.core.block import Block
from karat.core.degrees import MOST
from karat.core.finding import FACT, FORM, Dimension, findings
from karat.core.patch import changes, no_changes
from karat.core.unit import Fix

FAMILY = "learned from examples"
LIKELIER = "LearnedFromAnswers"  # other values that the answers make likely, and that no check has named
FIXES_FROM = 0.85  # chosen leaving tables out (benchmarks/twenty_answers.md)
WORTH_SAYING = 0.2  # display: options of nobody but these lessons that are less likely are not written down
SHOWN_RIGHT = 5  # unproven: answered options of a speaker that were right: a person's licence
FEWEST_FORMS = 2  # unproven: answered cells that a check would have written otherwise
NOT_SURE = 0.49  # definition: just under ``SURE``: a suspicion
Line = dict[str, Any]


@dataclass(frozen=True)
class Lessons:
    """What a person's answers teach.

    Parameters
    ----------
    rules : tuple of Rule
        Programs that write cells anew.
    known : Known or None
        What columns say about each other, and their usual values; None for what is no table: only ``trust`` counts.
    belief : Belief
        How likely other values are right.
    trust : Trust
        How findings without a suggestion are to be believed.
    refused : frozenset of (check, column)
        Changes of form that the person did not want.
    licensed : frozenset of str
        Speakers that were right about enough answered cells.
    checked : tuple of int
        The records that a person has checked.
    opposed : tuple of (column, text, text)
        Corrections that were made in both directions: no rule is learned from them.
    """

    rules: tuple[CorrectionRule, ...]
    known: TableKnowledge | None
    belief: Belief
    trust: Trust
    refused: frozenset[tuple[str, str]]
    licensed: frozenset[str]
    checked: tuple[int, ...]
    opposed: tuple[tuple[str, str, str], ...] = ()

    def judge(self, block: Block, findings: pa.Table, counted: bool) -> pa.Table:
        """The findings as the answers judge them, with those of the learned rules.

        Parameters
        ----------
        findings : pyarrow.Table
            As the checks gave them.
        counted : bool
            Did the answers come with these records, so that they are among those looked at?
        """
        if self.known is None or not len(block):
            return self.trust.apply(findings)
        choices = options(block, findings, self.known, counted)
        likely = self.belief.right(choices)
        kept = choices.features[:, FEATURES.index("records alike that differ too")] >= MOST
        alone = np.array([who in (NEIGHBOURS, SPELLING) for who in choices.speaker], bool)
        likely = np.where(kept & alone, np.minimum(likely, NOT_SURE), likely)
        findings = self._reassessed(block, self.trust.apply(findings), choices, likely)
        ruled = _yielding(rule_findings(self.rules, block), findings)
        parts = [findings, _new(block, choices, likely), ruled]
        order = [("row", "ascending"), ("column", "ascending"), ("check", "ascending"), ("span_start", "ascending")]
        return pa.concat_tables(parts).combine_chunks().sort_by(order)

    def _reassessed(self, block: Block, findings: pa.Table, choices: CellOptions, likely: np.ndarray) -> pa.Table:
        """Findings with a suggestion are as sure as the option; refused changes of form are not."""
        sure = dict(zip(zip(choices.at, choices.column, choices.after, strict=True), likely.tolist(), strict=True))
        at = np.searchsorted(block.rows, pc.fill_null(findings["row"], -1).to_numpy()).tolist()
        names = ("column", "suggestion", "confidence", "kind", "check")
        new = []
        for place, column, after, before, kind, check in zip(
            at, *(findings[n].to_pylist() for n in names), strict=True
        ):
            if kind == FORM:
                new.append(min(before, NOT_SURE) if (check, column) in self.refused else before)
            else:
                new.append(before if after is None else round(sure.get((place, column, after), before), 4))
        return findings.set_column(
            findings.schema.get_field_index("confidence"), "confidence", pa.array(new, pa.float64())
        )

    def repair(self, findings: pa.Table, patches: dict[str, pa.Table], fixes: Sequence[Fix]) -> dict[str, pa.Table]:
        """The patches with changes of fact as the answers have them; those licensed by the person in their own family.

        Parameters
        ----------
        findings : pyarrow.Table
            As judged here.
        patches : dict of family to ledger rows
            As the fixes proposed them.
        fixes : sequence of Fix
            Those in use.
        """
        if self.known is None:
            return patches
        mine = [fix for fix in fixes if isinstance(fix, RepairCells) and fix.writes == FACT]
        rest = {family: patch for family, patch in patches.items() if family not in {fix.family for fix in mine}}
        sure = findings.filter(
            pc.and_(pc.greater_equal(findings["confidence"], FIXES_FROM), pc.equal(findings["kind"], FACT))
        )
        usable = pc.and_(
            pc.is_valid(sure["suggestion"]), pc.and_(pc.is_valid(sure["row"]), pc.is_valid(sure["column"]))
        )
        sure = sure.filter(pc.and_(usable, pc.is_null(sure["span_start"])))
        formed = {(row, column) for row, column in zip(*_cells(rest.get("formats", no_changes())), strict=True)}
        chosen: dict[tuple[int, str], Line] = {}
        for finding in sure.sort_by([("confidence", "descending")]).to_pylist():
            cell = finding["row"], finding["column"]
            if cell not in formed and finding["suggestion"] != (finding["value"] or ""):
                chosen.setdefault(cell, finding)
        family = {str(dimension): fix.family for fix in mine for dimension in fix.dimensions}
        groups: dict[str, list[Line]] = {}
        for finding in chosen.values():
            home = family.get(finding["dimension"])
            if home is not None:
                groups.setdefault(FAMILY if self._licensed(finding) else home, []).append(finding)
        return dict(sorted((rest | {name: _patch(some) for name, some in groups.items()}).items()))

    def _licensed(self, finding: Line) -> bool:
        speakers = {RULED: (RULED,), LIKELIER: tuple(OWN)}.get(finding["check"], (finding["check"],))
        return any(speaker in self.licensed or speaker == RULED for speaker in speakers)


def _new(block: Block, choices: CellOptions, likely: np.ndarray) -> pa.Table:
    """The likeliest options that no check has named."""
    best: dict[tuple[int, str], int] = {}
    for at, cell in enumerate(zip(choices.at, choices.column, strict=True)):
        if cell not in best or likely[at] > likely[best[cell]]:
            best[cell] = at
    pick = [at for at in best.values() if choices.speaker[at] in OWN and likely[at] >= WORTH_SAYING]
    return findings(
        LIKELIER,
        Dimension.ACCURACY,
        len(pick),
        row=block.rows[[choices.at[at] for at in pick]] if pick else [],
        column=[choices.column[at] for at in pick],
        value=[choices.before[at] or None for at in pick],
        suggestion=[choices.after[at] for at in pick],
        confidence=[round(float(likely[at]), 4) for at in pick],
        message=[choices.words[at] for at in pick],
    )


def _yielding(ruled: pa.Table, findings: pa.Table) -> pa.Table:
    """What rules write is not sure where a check is sure of something else: it has been right on other tables too."""
    sure = findings.filter(
        pc.and_(pc.greater_equal(findings["confidence"], FIXES_FROM), pc.is_valid(findings["suggestion"]))
    )
    names = ("row", "column", "suggestion")
    said = {
        (row, column): after for row, column, after in zip(*(sure[name].to_pylist() for name in names), strict=True)
    }
    cells = zip(*(ruled[name].to_pylist() for name in (*names, "confidence")), strict=True)
    new = [
        likely if said.get((row, column), after) == after else min(likely, NOT_SURE)
        for row, column, after, likely in cells
    ]
    return ruled.set_column(ruled.schema.get_field_index("confidence"), "confidence", pa.array(new, pa.float64()))


def _cells(patch: pa.Table) -> tuple[list[int], list[str]]:
    return patch["row"].to_pylist(), patch["column"].to_pylist()


def _patch(some: list[Line]) -> pa.Table:
    return changes(
        len(some),
        row=[finding["row"] for finding in some],
        column=[finding["column"] for finding in some],
        action="set",
        before=[finding["value"] or None for finding in some],
        after=[finding["suggestion"] or None for finding in some],
        check=[finding["check"] for finding in some],
        confidence=[finding["confidence"] for finding in some],
        kind=FACT,
    )


def learn_lessons(known: TableKnowledge | None, parts: Sequence[tuple[Block, pa.Table]], answers: pa.Table) -> Lessons:
    """What answers teach.

    Parameters
    ----------
    parts : sequence of (Block, findings)
        The blocks that hold answered records, with all findings about them.
    answers : pyarrow.Table
        ``row``, ``column``, ``value`` (null: not known).
    """
    every = pa.concat_tables([noted for _, noted in parts])
    if known is None:
        return Lessons((), None, NOTHING, learn_from_answers(answers, every), frozenset(), frozenset(), ())
    checked = np.unique(answers["row"].to_numpy())
    choices = [options(block, noted, known, True) for block, noted in parts]
    doubtful = pa.array(overlooked(*_Answered(answers).verdicts(parts, choices), len(checked)))
    answers = answers.filter(pc.invert(pc.is_in(answers["row"], doubtful)))
    answered = _Answered(answers)
    examples = [example for block, _ in parts for example in answered.examples(block)]
    those, right, stood, _ = answered.verdicts(parts, choices)
    first = parts[0][0]
    texts = {name: first.encoded(name)[1] for name in _names(first)}
    return Lessons(
        learn_rules(examples, texts, _some_records(first)),
        known,
        learn_belief(those, right, stood),
        learn_from_answers(answers, every),
        answered.refused(every),
        _licensed(those, right),
        tuple(checked.tolist()),
        _opposed(examples),
    )


def _opposed(examples: Sequence[AnsweredExample]) -> tuple[tuple[str, str, str], ...]:
    columns: dict[str, list[AnsweredExample]] = {}
    for example in examples:
        columns.setdefault(example.column, []).append(example)
    moves = [(column, *move) for column, cells in columns.items() for move in opposed_moves(cells)]
    return tuple(sorted(move for move in moves if move[1] < move[2]))


class _Answered:
    """Answers, by cell."""

    def __init__(self, answers: pa.Table) -> None:
        cells = zip(answers["row"].to_pylist(), answers["column"].to_pylist(), strict=True)
        self.cells: dict[tuple[int, str], str | None] = dict(zip(cells, answers["value"].to_pylist(), strict=True))
        self.rows = np.unique(answers["row"].to_numpy())

    def examples(self, block: Block) -> list[AnsweredExample]:
        """Every answered cell of a block; those answered in two ways left out."""
        at = np.flatnonzero(np.isin(block.rows, self.rows))
        picked = block.table.select(_names(block)).take(pa.array(at)).to_pylist()
        out = []
        for row, written in zip(block.rows[at].tolist(), picked, strict=True):
            record = {name: text or "" for name, text in written.items()}
            for name, text in record.items():
                value = self.cells.get((row, name), text)
                if value is not None:
                    out.append(AnsweredExample(record, name, value))
        return out

    def verdicts(
        self, parts: Sequence[tuple[Block, pa.Table]], choices: Sequence[CellOptions]
    ) -> tuple[CellOptions, np.ndarray, np.ndarray, np.ndarray]:
        """Options for answered cells, whether each is what the person wrote, whether the cell was right; records."""
        kept, right, stood, records = list[CellOptions](), list[bool](), list[bool](), list[int]()
        for (block, _), some in zip(parts, choices, strict=True):
            rows, keep = block.rows[some.at], list[int]()
            for at in np.flatnonzero(np.isin(rows, self.rows)).tolist():
                truth = self.cells.get((int(rows[at]), some.column[at]), some.before[at])
                if truth is not None:
                    keep.append(at)
                    right.append(some.after[at] == truth)
                    stood.append(some.before[at] == truth)
            kept.append(some.take(np.array(keep, np.int64)))
            records += rows[keep].tolist()
        return CellOptions.joined(kept), np.array(right, bool), np.array(stood, bool), np.array(records, np.int64)

    def refused(self, findings: pa.Table) -> frozenset[Key]:
        """Checks and columns whose changes of form most answered cells do not want."""
        forms = findings.filter(pc.and_(pc.equal(findings["kind"], FORM), pc.is_valid(findings["suggestion"])))
        forms = forms.filter(pc.is_in(forms["row"], pa.array(self.rows)))
        names = ("row", "column", "check", "value", "suggestion")
        wanted: dict[Key, list[bool]] = {}
        for row, column, check, value, after in zip(*(forms[name].to_pylist() for name in names), strict=True):
            wanted.setdefault((check, column), []).append(self.cells.get((row, column), value or "") == after)
        return frozenset(key for key, said in wanted.items() if len(said) >= FEWEST_FORMS and sum(said) < len(said) / 2)


def _some_records(block: Block) -> list[dict[str, str]]:
    picked = np.arange(len(block))[:: 1 + len(block) // MOST_LOOKED_AT]
    written = block.table.select(_names(block)).take(pa.array(picked)).to_pylist()
    return [{name: text or "" for name, text in record.items()} for record in written]


def _names(block: Block) -> list[str]:
    return [column.name for column in block.schema if column.type != "binary"]


def _licensed(those: CellOptions, right: np.ndarray) -> frozenset[str]:
    shown: dict[str, list[bool]] = {}
    for speaker, fits in zip(those.speaker, right.tolist(), strict=True):
        shown.setdefault(speaker, []).append(fits)
    return frozenset(speaker for speaker, fits in shown.items() if sum(fits) >= SHOWN_RIGHT)
