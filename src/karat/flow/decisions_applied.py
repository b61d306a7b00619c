"""Room 3: decisions of people flow back. What is settled is neither asked again nor changed by anybody else."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.patch import changes, no_changes, record_text
from karat.core.schema import Schema
from karat.flow.decisions import DecidedOutcome, outcomes
from karat.flow.review import ANSWERS

Cell = tuple[int, str]


@dataclass(frozen=True)
class Settled:
    """What people have decided about one data set.

    Parameters
    ----------
    cells : dict of (row, column) to DecidedOutcome
        What stands, or shall stand, in a cell.
    kept : dict of int to set of str
        Records that stay, and the checks that were answered so.
    dropped : dict of int to (DecidedOutcome, keeper)
        Records that go, each with the record kept in its place, or None.
    """

    cells: dict[Cell, DecidedOutcome]
    kept: dict[int, set[str]]
    dropped: dict[int, tuple[DecidedOutcome, int | None]]

    @classmethod
    def of(cls, outcomes: Iterable[DecidedOutcome], schema: Schema) -> "Settled":
        """The outcomes that fit a schema, the older first."""
        cells: dict[Cell, DecidedOutcome] = {}
        kept: dict[int, set[str]] = {}
        dropped: dict[int, tuple[DecidedOutcome, int | None]] = {}
        for outcome in sorted(outcomes, key=lambda outcome: (outcome.decision.at, outcome.decision.key)):
            said = outcome.decision
            if said.kind in ("cell", "label") and said.row is not None and said.column in schema:
                cells[said.row, str(said.column)] = outcome
            elif said.kind in ("record", "pair") and said.row is not None:
                _record(outcome, kept, dropped)
        return cls(cells, kept, dropped)

    def judged(self, findings: pa.Table) -> pa.Table:
        """Findings about settled cells and records, as sure as a person is: 0 where what stands is right, else 1."""
        if not findings.num_rows or not (self.cells or self.kept):
            return findings
        rows, columns = findings["row"].to_pylist(), findings["column"].to_pylist()
        checks, values = findings["check"].to_pylist(), findings["value"].to_pylist()
        sure = findings["confidence"].to_numpy().copy()
        for at, (row, column) in enumerate(zip(rows, columns, strict=True)):
            if column is None:
                if checks[at] in self.kept.get(row, ()):
                    sure[at] = 0.0
            elif (row, column) in self.cells:
                answer = self.cells[row, column].decision.answer or ""
                sure[at] = float(answer != (values[at] or ""))
        place = findings.schema.get_field_index("confidence")
        return findings.set_column(place, "confidence", pa.array(sure, pa.float64()))

    def taken_in(
        self, block: Block, findings: pa.Table, patches: dict[str, pa.Table], waiting: pa.Table
    ) -> tuple[pa.Table, dict[str, pa.Table], pa.Table]:
        """Findings, patches and cases of a block once its decisions are taken in."""
        here = {int(row): at for at, row in enumerate(block.rows.tolist())}
        cells = {
            cell: outcome
            for cell, outcome in self.cells.items()
            if cell[0] in here and _still(block, here, cell, outcome)
        }
        gone = {row: drop for row, drop in self.dropped.items() if row in here}
        kept = {row: checks for row, checks in self.kept.items() if row in here}
        if not cells and not gone and not kept:
            return findings, patches, waiting

        def others(table: pa.Table) -> pa.Table:
            named = zip(*(table[name].to_pylist() for name in ("row", "column", "check")), strict=True)
            open_ = [
                row not in gone and (row, column) not in cells and not (column is None and check in kept.get(row, ()))
                for row, column, check in named
            ]
            return table.filter(pa.array(open_, pa.bool_()))

        own = pa.concat_tables([patches.get(ANSWERS, no_changes()), _cells(cells), _records(block, here, gone)])
        rest = {family: others(patch) for family, patch in patches.items() if family != ANSWERS}
        return others(findings), {ANSWERS: own} | rest, others(waiting)


def _record(
    outcome: DecidedOutcome, kept: dict[int, set[str]], dropped: dict[int, tuple[DecidedOutcome, int | None]]
) -> None:
    """Take in a decision about a record or a pair; of records that are one thing, one always stays."""
    said = outcome.decision
    assert said.row is not None
    if said.answer in ("keep", "different"):
        row = said.row if said.other is None else max(said.row, said.other)
        kept.setdefault(row, set()).add(said.check or "")
        return
    if said.answer == "drop" or said.other is None:
        dropped[said.row] = (outcome, None)
        return
    keeper, goes = (said.row, said.other) if said.answer == "left" else (said.other, said.row)
    seen = {goes}
    while keeper in dropped and keeper not in seen:
        seen.add(keeper)
        following = dropped[keeper][1]
        if following is None:
            break
        keeper = following
    if keeper not in seen:
        dropped.setdefault(goes, (outcome, keeper))


def _still(block: Block, here: dict[int, int], cell: Cell, outcome: DecidedOutcome) -> bool:
    """Does the cell still hold what the person saw?"""
    stands = block.text(cell[1])[here[cell[0]]].as_py()
    return (stands or "") == (outcome.decision.value or "")


def _changes(outcome: DecidedOutcome) -> bool:
    return (outcome.decision.answer or "") != (outcome.decision.value or "")


def _cells(cells: dict[Cell, DecidedOutcome]) -> pa.Table:
    changed = [(cell, outcome) for cell, outcome in sorted(cells.items()) if _changes(outcome)]
    if not changed:
        return no_changes()
    said = [outcome.decision for _, outcome in changed]
    return changes(
        len(changed),
        row=[cell[0] for cell, _ in changed],
        column=[cell[1] for cell, _ in changed],
        action="set",
        before=[decision.value or None for decision in said],
        after=[decision.answer or None for decision in said],
        check=[decision.check or "Answer" for decision in said],
        confidence=1.0,
        who=[outcome.who for _, outcome in changed],
    )


def _records(block: Block, here: dict[int, int], gone: dict[int, tuple[DecidedOutcome, int | None]]) -> pa.Table:
    if not gone:
        return no_changes()
    rows = sorted(gone)
    texts = block.table.drop_columns([column.name for column in block.schema if column.type == "binary"])
    return changes(
        len(rows),
        row=rows,
        action="drop",
        before=record_text(texts, np.array([here[row] for row in rows])),
        check=[gone[row][0].decision.check or "Answer" for row in rows],
        confidence=1.0,
        keeper=[gone[row][1] for row in rows],
        who=[gone[row][0].who for row in rows],
    )


def settled(run: Path, schema: Schema) -> Settled | None:
    """What people have decided in a run folder; None without decisions."""
    decided = outcomes(run)
    return Settled.of(decided, schema) if decided else None


def whole_records(run: Path, schema: Schema) -> pa.Table | None:
    """The records that people have checked whole on the page, as answers: row, column, value, who; None without any."""
    lines = []
    for outcome in outcomes(run):
        said = outcome.decision
        if said.kind != "next" or said.row is None or said.item is not None:
            continue
        cells = {name: text for name, text in json.loads(said.answer or "{}").items() if name in schema}
        lines += [(said.row, name, text or "", outcome.who) for name, text in sorted(cells.items())]
        if not cells:
            lines.append((said.row, None, "", outcome.who))
    if not lines:
        return None
    row, column, value, who = zip(*lines, strict=True)
    return pa.table(
        {
            "row": pa.array(row, pa.int64()),
            "column": pa.array(column, pa.string()),
            "value": pa.array(value, pa.string()),
            "who": pa.array(who, pa.string()),
        }
    )


def all_answers(answers: pa.Table | None, run: Path, schema: Schema) -> pa.Table | None:
    """Answers from a file and records checked on the page; the file's word stands where both speak of a record."""
    checked = whole_records(run, schema)
    if answers is None or checked is None:
        return answers if checked is None else checked
    rest = checked.filter(pc.invert(pc.is_in(checked["row"], answers["row"].combine_chunks())))
    return pa.concat_tables([answers, rest])


def decided_pairs(run: Path, pairs: pa.Table) -> pa.Table:
    """Linked pairs with those that people have decided at probability 1 or 0, and who said so in the evidence."""
    by_pair = {(o.decision.row, o.decision.other): o for o in outcomes(run) if o.decision.kind == "pair"}
    if not by_pair:
        return pairs
    rows = pairs.to_pylist()
    for row in rows:
        outcome = by_pair.get((row["left"], row["right"]))
        if outcome is not None:
            same = outcome.decision.answer != "different"
            row["probability"] = float(same)
            row["evidence"] = f"{outcome.who}: {'the same' if same else 'not the same'}; {row['evidence']}"
    return pa.Table.from_pylist(rows, schema=pairs.schema)


def votes(run: Path) -> pa.Table:
    """What people said about items whose votes were in conflict, as votes: item, voter, label, seconds."""
    from karat.flow.decisions import FILE, Decisions, standing

    rows: list[tuple[str, str, str, float | None]] = []
    if (run / FILE).exists():
        store = Decisions(run / FILE)
        words_by_case = standing(decision for _, decision in store.since(0))
        store.close()
        for words in words_by_case.values():
            for who, said in sorted(words.items()):
                if said.item is not None and said.answer:
                    rows.append((said.item, who, said.answer, said.seconds))
    rows.sort(key=lambda vote: vote[:3])
    names = ("item", "voter", "label", "seconds")
    kinds = (pa.string(), pa.string(), pa.string(), pa.float64())
    columns = zip(*rows, strict=True) if rows else ([], [], [], [])
    return pa.table(
        {name: pa.array(list(column), kind) for name, kind, column in zip(names, kinds, columns, strict=True)}
    )
