"""Which records are worth a person's time, and a sheet to answer on."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.block import Block
from karat.core.degrees import A_FEW, SAMPLE
from karat.core.errors import InputError
from karat.flow.dataset import Dataset
from karat.flow.door import lessons_in
from karat.flow.folder import write_table
from karat.flow.label_audit import AuditPlan
from karat.flow.label_questions import (
    answered,
    asked_before,
    doubted_labels,
    in_words,
    judged_labels,
    label_questions,
)
from karat.flow.label_worth import worth_of
from karat.flow.raw import raw_records

MOST_COMPARED = 20_000  # cost: records looked at to choose those to label; beyond, every so many-th is


def ask_about(run: Path, count: int) -> tuple[pa.Table, Path]:
    """The records to ask about, and the answer sheet written for them.

    Parameters
    ----------
    run : Path
        A run folder.
    count : int
        How many records, at least 1.

    Returns
    -------
    (asked, sheet) : ``row`` and ``why``, the most useful first, also in ``next.parquet``; and ``ask.csv`` (row, column,
        value) with every cell of those records as it stands: given back as ``--answers`` unchanged, it says that all
        of them are right. Where most labels are missing these are the records to label next; where a model doubts the
        target, those with the most doubtful labels; else those that settle most of what the checks, and the rules
        learned so far, are unsure of. Some are drawn by chance; none was answered before, and what was answered on the
        sheet stays on it.
    """
    from karat.clean.answers import ask_rows

    data, known = raw_records(run), answered_rows(run)
    asked = _to_label(data, count) if data.schema.target else None
    if asked is None and data.schema.target:
        asked = label_questions(run, data, count, known, set(_mended(run, data)))
    if asked is None:
        findings = pq.read_table(run / "findings.parquet")
        asked = ask_rows(findings.filter(pc.is_valid(findings["row"])), count, len(data), known)
    asked = asked.select(["row", "why"])
    write_table(run / "next.parquet", asked)
    wanted = set(asked["row"].to_pylist())
    sheet = run / "ask.csv"
    kept = _answered_lines(sheet, known - wanted)
    with sheet.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["row", "column", "value"])
        lines.writerows(kept)
        for block in data.blocks():
            at = [place for place, row in enumerate(block.rows.tolist()) if row in wanted]
            for place, record in zip(at, block.table.take(pa.array(at, pa.int64())).to_pylist(), strict=True):
                lines.writerows((int(block.rows[place]), name, value or "") for name, value in record.items())
    return asked, sheet


def answered_rows(run: Path) -> set[int]:
    """The records of a run folder that a person has checked."""
    lessons = lessons_in(run)
    return set(lessons.checked) if lessons is not None else set()


def so_far(run: Path) -> list[str]:
    """What the answers about labels say and what the next are worth, in lines; none where none was asked about."""
    asked, known = asked_before(run), answered_rows(run)
    if not asked.num_rows or not (run / "ledger.parquet").exists():
        return []
    data = raw_records(run)
    judged = judged_labels(run, data)
    mended = _mended(run, data)
    last = asked.filter(pc.equal(asked["batch"], pc.max(asked["batch"])))
    answers = answered(asked, AuditPlan.read(run), known, set(mended))
    if judged is None:
        return in_words(answers, last)
    doubted = doubted_labels(judged, known, mended, answers.rate if answers else 1.0)
    expected = doubted.doubt[np.isin(judged.block.rows[judged.at], last["row"].to_numpy())].sum()
    return in_words(answers, last, worth_of(judged.block, doubted, float(expected)), doubted.doubt[~doubted.known])


def _mended(run: Path, data: Dataset) -> dict[int, str | None]:
    """The right labels of the records whose label a person changed."""
    if not (run / "ledger.parquet").exists():
        return {}
    ledger = pq.read_table(run / "ledger.parquet", columns=["row", "column", "who", "after"])
    of_target = pc.equal(ledger["column"], data.schema.target.name if data.schema.target else "")
    ledger = ledger.filter(pc.and_(pc.not_equal(ledger["who"], "karat"), of_target))
    return dict(zip(ledger["row"].to_pylist(), ledger["after"].to_pylist(), strict=True))


def _answered_lines(sheet: Path, known: set[int]) -> list[list[str]]:
    """The lines of a sheet about records that were answered."""
    if not sheet.exists():
        return []
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))[1:]
    return [line for line in lines if line and line[0].isdigit() and int(line[0]) in known]


def _to_label(data: Dataset, count: int) -> pa.Table | None:
    """Records without a label whose label would teach a model most; None where few labels are missing."""
    from karat.label.next_to_label import next_items
    from karat.prepare.features import Preparation
    from karat.prepare.target import read_target

    block = data.whole()
    try:
        missing = read_target(block).missing
    except InputError:  # not one label yet
        missing = np.ones(len(block), bool)
    if missing.mean() <= A_FEW:
        return None
    at = np.flatnonzero(missing)[:: 1 + int(missing.sum()) // MOST_COMPARED]
    known = np.flatnonzero(~missing)[:: 1 + int((~missing).sum()) // MOST_COMPARED]
    fitted = Preparation(block.schema, "linear").fit(block, known if len(known) >= SAMPLE else at)
    shown = fitted.apply(block, at)
    wanted = next_items(_expected(block, known, fitted, shown), shown, min(count, len(at)))
    return pa.table({"row": block.rows[at[wanted["row"].to_numpy()]], "why": wanted["why"].cast(pa.string())})


def _expected(block: Block, known: np.ndarray, fitted: Any, shown: Any) -> np.ndarray | None:
    """What a model of the labels there are expects of the others (n, k); None without enough, or for numbers."""
    from karat.prepare.target import read_target
    from karat.train.recipes import recipes_for

    if block.schema.task == "regression" or len(known) < SAMPLE:
        return None
    target = read_target(block)
    labels = target.values[known]
    if len(np.unique(labels)) < 2:
        return None
    recipe = recipes_for(block.schema)[0].for_classes(len(target.classes))
    answers: np.ndarray = recipe.fit(fitted.apply(block, known), labels).predict(shown)
    return answers
