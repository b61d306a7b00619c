"""Room 3: what waits for a person, and what a person has answered."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import InputError, OptionError
from karat.core.finding import SURE
from karat.core.parsing import parse_numbers, parse_times
from karat.core.patch import changes, no_changes
from karat.core.schema import Schema
from karat.core.words import many
from karat.flow.dataset import Dataset
from karat.flow.engine import Learned
from karat.flow.refine import patched
from karat.quality.consistency.known_texts import KnownTexts
from karat.quality.consistency.undecided_pairs import UndecidedPairs

REVIEW = pa.schema(
    [
        ("row", pa.int64()),
        ("column", pa.string()),
        ("check", pa.string()),
        ("action", pa.string()),
        ("value", pa.string()),
        ("suggestion", pa.string()),
        ("confidence", pa.float64()),
        ("message", pa.string()),
    ]
)

ANSWERS = "answers"  # the family of what a person wrote: never up for choice
READ_AS = {
    "int64": ("numbers", parse_numbers),
    "float64": ("numbers", parse_numbers),
    "timestamp": ("times", parse_times),
}
LICENSED = "learned from examples"  # what a person's answers have shown to be right; the guard does not ask again


def case_table(findings: pa.Table, waiting: pa.Table, ledger: pa.Table, reasons: pa.Table | None = None) -> pa.Table:
    """The cases of one block that wait for a person.

    They are the proposals of unsafe fixes, the sure findings about a record that no applied patch touched, and two
    cells of which one is wrong. An even chance asks nobody: of two pictures that show the same the other one waits.
    ``reasons`` are the findings that proposals follow from, where they are not ``findings``.
    """
    asked = pc.or_(pc.greater(findings["confidence"], SURE), pc.equal(findings["check"], UndecidedPairs.code()))
    sure = findings.filter(pc.and_(asked, pc.is_valid(findings["row"])))
    done = _keys(ledger) | _keys(waiting)
    dropped = {row for row, column in _keys(ledger) if column is None}
    open_ = [
        row not in dropped and (row, column) not in done
        for row, column in zip(sure["row"].to_pylist(), sure["column"].to_pylist(), strict=True)
    ]
    left = _paired(sure.filter(pa.array(open_, pa.bool_())), "value", sure)
    waiting = _paired(waiting, "before", sure)
    proposed = pa.table(
        {
            "row": waiting["row"],
            "column": waiting["column"],
            "check": waiting["check"],
            "action": waiting["action"],
            "value": waiting["before"],
            "suggestion": waiting["after"],
            "confidence": waiting["confidence"],
            "message": pa.array(_reasons(waiting, findings if reasons is None else reasons), pa.string()),
        },
        schema=REVIEW,
    )
    kind = pa.repeat(pa.scalar("set"), left.num_rows)
    rest = pa.table(
        [
            left["row"],
            left["column"],
            left["check"],
            kind,
            left["value"],
            left["suggestion"],
            left["confidence"],
            left["message"],
        ],
        schema=REVIEW,
    )
    return pa.concat_tables([proposed, rest]).combine_chunks()


def case_count(cases: pa.Table) -> int:
    """How many cells and records need review: one that several checks ask about counts once."""
    return int(cases.select(["row", "column"]).group_by(["row", "column"]).aggregate([]).num_rows)


def one_each(cases: pa.Table, checks: pa.Array) -> pa.Table:
    """The cases with but one a record of those that some checks ask: the first, with what all of them say."""
    mine = pc.is_in(cases["check"], checks)
    first = pc.ScalarAggregateOptions(skip_nulls=False)
    wanted = [(name, "first", first) for name in REVIEW.names if name not in ("row", "message")]
    grouped = cases.filter(mine).group_by("row", use_threads=False).aggregate([*wanted, ("message", "list")])
    columns = {"row": grouped["row"], "message": pc.binary_join(grouped["message_list"], "\n")}
    columns |= {name: grouped[f"{name}_first"] for name, _, _ in wanted}
    joined = pa.table([columns[name] for name in REVIEW.names], schema=REVIEW)
    return pa.concat_tables([joined, cases.filter(pc.invert(mine))]).sort_by("row")


def _paired(cases: pa.Table, name: str, findings: pa.Table) -> pa.Table:
    """Cases about two records with the number of the other record in a column, as pairs are asked."""
    equal = pc.and_(pc.is_valid(cases["keeper"]), pc.is_null(cases["column"]))
    equal = pc.and_(equal, pc.not_equal(cases["check"], KnownTexts.code()))  # the other one is in another folder
    cases = cases.set_column(
        cases.schema.get_field_index(name),
        name,
        pc.if_else(equal, cases["keeper"].cast(pa.string()), cases[name]),
    )
    at = np.flatnonzero(pc.fill_null(pc.ends_with(cases["check"], "DuplicateImages"), fill_value=False).to_numpy())
    if not len(at):
        return cases
    pairs = findings.filter(pc.ends_with(findings["check"], "DuplicateImages"))
    others = pc.struct_field(pc.extract_regex(pairs["message"], r"record (?P<other>\d+)"), "other").to_pylist()
    others_by_case = dict(
        zip(zip(pairs["row"].to_pylist(), pairs["check"].to_pylist(), strict=True), others, strict=True)
    )
    values, rows, checks = (cases[column].to_pylist() for column in (name, "row", "check"))
    for place in at.tolist():
        values[place] = others_by_case.get((rows[place], checks[place])) or values[place]
    return cases.set_column(cases.schema.get_field_index(name), name, pa.array(values, pa.string()))


def _keys(ledger: pa.Table) -> set[tuple[int, str | None]]:
    return set(zip(ledger["row"].to_pylist(), ledger["column"].to_pylist(), strict=True))


def _reasons(waiting: pa.Table, findings: pa.Table) -> list[str]:
    if not waiting.num_rows:
        return []
    said = {
        (r, c): m
        for r, c, m in zip(
            findings["row"].to_pylist(), findings["check"].to_pylist(), findings["message"].to_pylist(), strict=True
        )
    }
    return [said.get((r, c), "") for r, c in zip(waiting["row"].to_pylist(), waiting["check"].to_pylist(), strict=True)]


def read_answers(path: Path, schema: Schema, records: int) -> pa.Table:
    """A person's answers: row, column, value (null: answered in two ways), who.

    Raises InputError, OptionError: what is wrong and where.
    """
    import csv

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            lines, names = list(reader), reader.fieldnames or ()
    except (FileNotFoundError, IsADirectoryError):
        raise InputError(f"file of answers {path} not found", "Check the path") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"{path} is not a CSV of answers: {error}", "Write one answer per line: row,column,value"
        ) from None
    if not {"row", "column", "value"} <= set(names):
        raise InputError(
            f"{path} has the columns {', '.join(names)}, not row, column, value"
            if names
            else f"{path} is an empty file",
            "Write one answer per line: row,column,value",
        )
    said: dict[tuple[int, str], set[str]] = {}
    for at, line in enumerate(lines, start=2):
        number = line["row"] or ""
        if not (number.isascii() and number.isdigit()) or int(number) >= records:
            raise InputError(f"{path} line {at}: row {number!r} is not a row of this data", f"Use 0 to {records - 1}")
        if line["column"] and line["column"] not in schema:
            raise OptionError.unknown("column", line["column"], schema.names, f"{path} line {at}")
        value = line["value"] or ""
        said.setdefault((int(number), line["column"] or ""), set()).add(value)
    return pa.table(
        {
            "row": pa.array([row for row, _ in said], pa.int64()),
            "column": pa.array([column or None for _, column in said], pa.string()),
            "value": pa.array([min(values) if len(values) == 1 else None for values in said.values()], pa.string()),
            "who": pa.repeat("person", len(said)),
        }
    )


def contradictions(answers: pa.Table) -> str:
    """A line about cells that were answered in two ways, whose value is null; empty without any."""
    twice = answers.filter(pc.is_null(answers["value"]))
    if not twice.num_rows:
        return ""
    cells = ", ".join(
        f"row {row}, column {column}"
        for row, column in zip(twice["row"].to_pylist(), twice["column"].to_pylist(), strict=True)
    )
    return f"Answers contradict each other in {many(twice.num_rows, 'cell')}, which stay as they are: {cells}"


def oddities(answers: pa.Table, schema: Schema) -> list[str]:
    """What is odd about a person's answers, a line each."""
    return [line for line in (contradictions(answers), turned_to_text(answers, schema)) if line]


def turned_to_text(answers: pa.Table, schema: Schema) -> str:
    """A line about answers that are no numbers, or no times, in a column of them; empty without any."""
    said = []
    for column in schema:
        here = answers.filter(pc.fill_null(pc.equal(answers["column"], column.name), False))
        here = here.filter(pc.greater(pc.utf8_length(pc.fill_null(here["value"], "")), 0))
        if column.type not in READ_AS or not here.num_rows:
            continue
        what, read = READ_AS[column.type]
        odd = np.flatnonzero(pc.is_null(pa.array(read(here["value"].combine_chunks(), column), from_pandas=True)))
        if len(odd):
            row, value = here["row"][int(odd[0])], here["value"][int(odd[0])]
            more = f" and {many(len(odd) - 1, 'more answer')}" if len(odd) > 1 else ""
            said.append(f"column {column.name} of {what}, which becomes text ({value.as_py()!r} in row {row}{more})")
    return f"Answers that do not fit: {'; '.join(said)}" if said else ""


def answered(
    block: Block, answers: pa.Table, findings: pa.Table, patches: dict[str, pa.Table], waiting: pa.Table
) -> tuple[pa.Table, dict[str, pa.Table], pa.Table]:
    """Findings, patches and cases once a person's answers are taken in.

    A record that occurs in the answers has been checked whole: Karat's own opinions about it are withdrawn, and what
    the person wrote is written.
    """
    here = answers.filter(pc.is_in(answers["row"], pa.array(block.rows)))
    if not here.num_rows:
        return findings, patches, waiting
    checked = pa.array(np.unique(here["row"].to_numpy()))

    def others(table: pa.Table) -> pa.Table:
        return table.filter(pc.invert(pc.is_in(table["row"], checked)))

    own = {ANSWERS: _answer_patch(block, here.filter(pc.is_valid(here["column"])))}
    return others(findings), own | {family: others(patch) for family, patch in patches.items()}, others(waiting)


def taught(learned: Learned, data: Dataset, answers: pa.Table | None) -> Learned:
    """What the checks know, with what a person says of the records that were checked whole."""
    if answers is None or not answers.num_rows:
        return learned
    rows = np.unique(answers["row"].to_numpy())
    raw = Block(rows, data.records(rows), data.schema)
    checked = patched(raw, _answer_patch(raw, answers.filter(pc.is_valid(answers["column"]))))
    states = {code: learned.checks[code].learn_answers(state, checked) for code, state in learned.states.items()}
    return replace(learned, states=states)


def _answer_patch(block: Block, cells: pa.Table) -> pa.Table:
    cells = cells.filter(pc.is_valid(cells["value"]))
    if not cells.num_rows:
        return no_changes()
    at = np.searchsorted(block.rows, cells["row"].to_numpy())
    names = cells["column"].to_pylist()
    before = [block.text(name)[int(place)].as_py() for name, place in zip(names, at, strict=True)]
    after = [value or None for value in cells["value"].to_pylist()]
    differs = np.array([a != b for a, b in zip(after, before, strict=True)], bool)
    patch = changes(
        len(names),
        row=cells["row"],
        column=names,
        action="set",
        before=before,
        after=after,
        check="Answer",
        confidence=1.0,
        who=cells["who"],
    )
    return patch.filter(pa.array(differs))
