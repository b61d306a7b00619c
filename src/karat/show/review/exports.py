"""Decisions as files: answers, votes, everything with who and when, Label Studio JSON."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import astuple, fields
from typing import Any

from karat.flow.decisions import Decision, outcomes
from karat.flow.decisions_applied import votes
from karat.show.review.session import Board

CSV = "text/csv; charset=utf-8"


def answers_file(board: Board) -> tuple[str, str]:
    """Settled cells as ``row,column,value``: what ``--answers`` reads, but for cells alone."""
    settled = [one.decision for one in outcomes(board.run) if one.decision.kind in ("cell", "label")]
    rows = sorted((one.row, one.column, one.answer or "") for one in settled)
    return _csv(("row", "column", "value"), rows), CSV


def votes_file(board: Board) -> tuple[str, str]:
    """Labels given as ``item,voter,label,seconds``: what ``karat label`` reads."""
    held = votes(board.run)
    return _csv(held.column_names, zip(*(column.to_pylist() for column in held.columns), strict=True)), CSV


def log_file(board: Board) -> tuple[str, str]:
    """Every decision, undone ones and skips too."""
    names = [field.name for field in fields(Decision)]
    return _csv(("id", *names), ((number, *astuple(one)) for number, one in board.decisions.since(0))), CSV


def studio_file(board: Board) -> tuple[str, str]:
    """Labels given as Label Studio tasks with one annotation a person."""
    tasks: dict[tuple[str, Any], dict[str, Any]] = {}
    for number, one in board.decisions.since(0):
        if one.verdict == "undo" or one.kind not in ("label", "conflict", "next"):
            continue
        about = (one.kind, one.item if one.item is not None else one.row)
        task = tasks.get(about) or tasks.setdefault(about, _task(board, one, len(tasks) + 1))
        task["annotations"].append(_annotation(number, one))
    taken_back = {one.batch for _, one in board.decisions.since(0) if one.verdict == "undo"}
    for task in tasks.values():
        task["annotations"] = [a for a in task["annotations"] if a["unique_id"] not in taken_back]
    held = [task for task in tasks.values() if task["annotations"]]
    return json.dumps(held, ensure_ascii=False, indent=1), "application/json"


def _task(board: Board, one: Decision, number: int) -> dict[str, Any]:
    data: dict[str, Any] = dict(board.records.get(one.row) or {}) if one.item is None else {"item": one.item}
    if one.item is not None and (text := board.items.text(one.item)) is not None:
        data["text"] = text
    if one.row is not None:
        data["row"] = one.row
    return {"id": number, "data": data, "annotations": [], "predictions": _prediction(one)}


def _prediction(one: Decision) -> list[dict[str, Any]]:
    if one.suggestion is None:
        return []
    return [{"model_version": "karat", "score": one.confidence, "result": [_choice(one.suggestion)]}]


def _annotation(number: int, one: Decision) -> dict[str, Any]:
    given = one.answer is not None and one.kind != "next"
    return {
        "id": number,
        "unique_id": one.batch,
        "completed_by": one.who,
        "created_at": f"{one.at}Z",
        "lead_time": one.seconds,
        "was_cancelled": one.verdict == "skip",
        "result": [_choice(str(one.answer))] if given else [],
    }


def _choice(label: str) -> dict[str, Any]:
    return {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}


def _csv(names: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return held.getvalue()


FILES = {
    "answers.csv": answers_file,
    "votes.csv": votes_file,
    "decisions.csv": log_file,
    "label-studio.json": studio_file,
}
