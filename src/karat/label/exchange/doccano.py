"""doccano: JSONL, JSON or CSV; classes, spans, boxes and texts; a file an annotator.

Source: the examples of its export (github.com/doccano/doccano, data_export). Spans are ``[start, end, label]`` or have
``start_offset`` and ``end_offset``; a CSV joins several labels by ``#``.
"""

import copy
import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from karat.core.errors import InputError
from karat.label.exchange.annotation_files import (
    AnnotationReading,
    AnnotationSource,
    Ledger,
    as_json,
    by_item,
    first_entry,
    item_columns,
    labels_in,
    listed,
    most_used,
    vote_columns,
)

Line = dict[str, Any]
ANSWERS = ("label", "labels", "entities", "bbox", "cats")
TEXTS = ("text", "data", "filename")
APPROVERS = ("annotation_approver", "approver", "annotator")
JOIN = "#"  # of labels in a CSV
SIDES = ("x", "y", "width", "height")


class Doccano:
    """doccano's exports."""

    name = "doccano"
    file_name = "doccano.jsonl"

    def matches(self, source: AnnotationSource) -> bool:
        """Lines with a text or file name and a list of answers, or a CSV ``id,text,label``."""
        first = first_entry(source.text)
        if isinstance(first, dict):
            return any(name in first for name in TEXTS) and any(isinstance(first.get(name), list) for name in ANSWERS)
        header = source.text.split("\n", 1)[0].lstrip("\ufeff").strip().split(",")
        return (
            header[:1] == ["id"]
            and "label" in header
            and any(name in header for name in TEXTS)
            and "voter" not in header
        )

    def read(self, sources: Sequence[AnnotationSource], control: str) -> AnnotationReading:
        """A file's answers are the votes of its annotator; the file name tells who."""
        files = [(source.stem, *_lines(source)) for source in sources]
        used = Counter(
            name for _, lines, _ in files for line in lines for name in ANSWERS if line.get(name) is not None
        )
        control = most_used(used, control, "doccano")
        ledger = Ledger()
        said: list[tuple[str, str, Any]] = []
        for stem, lines, _ in files:
            for at, line in enumerate(lines):
                ledger.unread["relations"] += len(line.get("relations") or [])
                for other in set(ANSWERS) - {control}:
                    ledger.unread[f"to another question ({other})"] += bool(line.get(other))
                answer = _answer(line.get(control), ledger)
                if answer is None:
                    ledger.unread["without an answer"] += 1
                else:
                    said.append((str(line.get("id", at)), _who(line, stem), answer))
        texts = iter(labels_in([answer for _, _, answer in said if isinstance(answer, list)]))
        votes = [(item, who, next(texts) if isinstance(answer, list) else answer, None) for item, who, answer in said]
        ledger.read, ledger.unread = len(votes), +ledger.unread
        records = [(str(line.get("id", at)), line) for _, lines, _ in files for at, line in enumerate(lines)]
        items = item_columns((item, {name: line.get(name) for name in TEXTS}) for item, line in records)
        document = {"lines": dict(records), "answer": control, "csv": files[0][2]}
        return AnnotationReading("doccano", vote_columns(votes), items, None, ledger, document)

    def write(self, labels: pa.Table, items: pa.Table | None, kind: str, reading: AnnotationReading | None) -> str:
        """A line an item, its answers replaced by the label."""
        lines = by_item(labels)
        if reading is None:
            records, answer, table = _made(items, lines), "label", False
        else:
            records = copy.deepcopy(reading.document["lines"])
            answer, table = reading.document["answer"], reading.document["csv"]
        for item, record in records.items():
            if item in lines and lines[item]["label"] is not None:
                parts = listed(lines[item]["label"])
                record[answer] = [
                    _written(part, record.get(answer)) if isinstance(part, dict) else part for part in parts
                ]
        if table and kind not in ("span", "box"):
            return _as_csv(list(records.values()), answer)
        return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records.values())


def _lines(source: AnnotationSource) -> tuple[list[Line], bool]:
    """The records of a file, and whether it is a CSV."""
    text = source.text.lstrip("\ufeff")
    if text.lstrip()[:1] not in ("[", "{"):
        lines: list[Line] = []
        for row in csv.DictReader(io.StringIO(text)):
            said = row.get("label") or ""
            lines.append(row | {"label": said.split(JOIN) if said else []})
        return lines, True
    try:
        if text.lstrip()[0] == "[":
            return json.loads(text), False
        return [json.loads(line) for line in text.splitlines() if line.strip()], False
    except ValueError as error:
        raise InputError(f"{source.stem} is not JSONL of doccano: {error}", "Export it again") from None


def _answer(value: Any, ledger: Ledger) -> Any:
    """Labels as a list, spans and boxes as JSON; None for no list."""
    if not isinstance(value, list):
        return None
    if all(isinstance(entry, (str, int)) for entry in value):
        return [str(entry) for entry in value]
    parts = []
    for entry in value:
        part = _part(entry)
        if part is None:
            ledger.unread["answers of another form"] += 1
        else:
            parts.append(part)
    return as_json(parts)


def _part(entry: Any) -> dict[str, Any] | None:
    if isinstance(entry, list) and len(entry) >= 3:
        return {"start": entry[0], "end": entry[1], "label": str(entry[2])}
    if isinstance(entry, dict) and "start_offset" in entry:
        return {"start": entry["start_offset"], "end": entry["end_offset"], "label": str(entry.get("label", ""))}
    if isinstance(entry, dict) and all(side in entry for side in SIDES):
        return {side: entry[side] for side in SIDES} | {"label": str(entry.get("label", ""))}
    return None


def _written(part: Line, like: Any) -> Any:
    """A part in the form of those that were read."""
    if "x" in part:
        return part
    if isinstance(like, list) and any(isinstance(entry, dict) for entry in like):
        return {"label": part.get("label", ""), "start_offset": part["start"], "end_offset": part["end"]}
    return [part["start"], part["end"], part.get("label", "")]


def _who(line: Line, stem: str) -> str:
    return next((str(line[name]) for name in APPROVERS if line.get(name)), stem)


def _as_csv(records: list[Line], answer: str) -> str:
    out = io.StringIO()
    names = list(dict.fromkeys(name for record in records for name in record))
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    for record in records:
        writer.writerow(record | {answer: JOIN.join(map(str, record.get(answer) or []))})
    return out.getvalue()


def _made(items: pa.Table | None, lines: dict[str, Any]) -> dict[str, Line]:
    if items is None:
        return {item: {"id": item, "text": "", "label": []} for item in lines}
    name = "item" if "item" in items.column_names else "id"
    texts = [column for column in items.column_names if column not in ("item", "id")]
    shown = "text" if "text" in texts else texts[0] if texts else name
    return {str(line[name]): {"id": line[name], "text": line[shown] or "", "label": []} for line in items.to_pylist()}
