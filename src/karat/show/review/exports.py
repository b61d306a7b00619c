"""Decisions as files: answers, votes, everything with who and when, Label Studio JSON."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import astuple, fields
from typing import Any

import numpy as np

from karat.flow.decisions import Decision, outcomes
from karat.flow.decisions_applied import votes
from karat.show.review.session import Board

CSV = "text/csv; charset=utf-8"


def answers_file(board: Board) -> tuple[str, str]:
    """Settled cells as ``row,column,value``: what ``--answers`` reads, but for cells alone."""
    settled = [outcome.decision for outcome in outcomes(board.run) if outcome.decision.kind in ("cell", "label")]
    rows = sorted((said.row, said.column, said.answer or "") for said in settled)
    return _csv(("row", "column", "value"), rows), CSV


def votes_file(board: Board) -> tuple[str, str]:
    """Labels given as ``item,voter,label,seconds``: what ``karat label`` reads."""
    table = votes(board.run)
    return _csv(table.column_names, zip(*(column.to_pylist() for column in table.columns), strict=True)), CSV


def log_file(board: Board) -> tuple[str, str]:
    """Every decision, undone ones and skips too."""
    names = [field.name for field in fields(Decision)]
    return _csv(("id", *names), ((number, *astuple(decision)) for number, decision in board.decisions.since(0))), CSV


def notes_file(board: Board) -> tuple[str, str]:
    """Notes on cases: the case by its row, column or item, who, when, text."""
    queue = board.desk.queue
    lines = []
    for key, who, at, text in board.decisions.notes():
        place = int(queue.places(np.array([key], np.int64))[0])
        case = queue.case(place) if place >= 0 else dict.fromkeys(("row", "column", "item", "check"))
        lines.append([case["row"], case["column"], case["item"], case["check"], who, at, text])
    return _csv(("row", "column", "item", "check", "who", "at", "note"), lines), CSV


def studio_file(board: Board) -> tuple[str, str]:
    """Labels given as Label Studio tasks with one annotation a person."""
    tasks: dict[tuple[str, Any], dict[str, Any]] = {}
    for number, decision in board.decisions.since(0):
        if decision.verdict == "undo" or decision.kind not in ("label", "conflict", "next"):
            continue
        about = (decision.kind, decision.item if decision.item is not None else decision.row)
        task = tasks.get(about) or tasks.setdefault(about, _task(board, decision, len(tasks) + 1))
        task["annotations"].append(_annotation(number, decision))
    taken_back = {decision.batch for _, decision in board.decisions.since(0) if decision.verdict == "undo"}
    for task in tasks.values():
        task["annotations"] = [a for a in task["annotations"] if a["unique_id"] not in taken_back]
    annotated = [task for task in tasks.values() if task["annotations"]]
    return json.dumps(annotated, ensure_ascii=False, indent=1), "application/json"


def _task(board: Board, decision: Decision, number: int) -> dict[str, Any]:
    data: dict[str, Any] = (
        dict(board.records.get(decision.row) or {}) if decision.item is None else {"item": decision.item}
    )
    if decision.item is not None and (text := board.items.text(decision.item)) is not None:
        data["text"] = text
    if decision.row is not None:
        data["row"] = decision.row
    return {"id": number, "data": data, "annotations": [], "predictions": _prediction(decision)}


def _prediction(decision: Decision) -> list[dict[str, Any]]:
    if decision.suggestion is None:
        return []
    return [{"model_version": "karat", "score": decision.confidence, "result": [_choice(decision.suggestion)]}]


def _annotation(number: int, decision: Decision) -> dict[str, Any]:
    answered = decision.answer is not None and decision.kind != "next"
    return {
        "id": number,
        "unique_id": decision.batch,
        "completed_by": decision.who,
        "created_at": f"{decision.at}Z",
        "lead_time": decision.seconds,
        "was_cancelled": decision.verdict == "skip",
        "result": [_choice(str(decision.answer))] if answered else [],
    }


def _choice(label: str) -> dict[str, Any]:
    return {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}


def _csv(names: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return buffer.getvalue()


FILES = {
    "answers.csv": answers_file,
    "votes.csv": votes_file,
    "decisions.csv": log_file,
    "notes.csv": notes_file,
    "label-studio.json": studio_file,
}
