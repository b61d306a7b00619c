"""Argilla 2: records with fields, responses and suggestions.

Source: ``records.to_json`` and ``to_list`` of its documentation (docs.argilla.io, records). Responses are votes,
suggestions of models are not.
"""

import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from karat.core.errors import InputError
from karat.label.exchange.annotation_files import (
    ITSELF,
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
    parsed_json,
    vote_columns,
)

Record = dict[str, Any]
FLAT = ".responses"
NESTED = ("responses", "suggestions", "fields")


class Argilla:
    """Argilla 2, nested as ``to_json`` writes it, or flat."""

    name = "argilla"
    file_name = "argilla.json"

    def matches(self, source: AnnotationSource) -> bool:
        """Records with ``fields`` and ``responses``, or keys that end in ``.responses``."""
        first = first_entry(source.text)
        return isinstance(first, dict) and (set(NESTED) <= set(first) or any(key.endswith(FLAT) for key in first))

    def read(self, sources: Sequence[AnnotationSource], control: str) -> AnnotationReading:
        """Submitted responses as votes."""
        records = [record for source in sources for record in _listed(parsed_json(source, "Argilla"))]
        if not records or not all(isinstance(record, dict) for record in records):
            raise InputError("the file is not Argilla's: it has no records", "Export with dataset.records.to_json")
        responses = [(item, record, list(_responses(record))) for item, record in _named(records)]
        used = Counter(question for _, _, said in responses for question, value, _, _ in said if _votable(value))
        control = most_used(used, control, "Argilla")
        ledger = Ledger()
        answers: list[tuple[str, str, Any]] = []
        for item, record, said in responses:
            ledger.unread["suggestions of models"] += len(_suggestions(record))
            for question, value, user, status in said:
                if question != control:
                    ledger.unread[f"to another question ({question})"] += 1
                elif status not in (None, "submitted"):
                    ledger.unread[f"{status}"] += 1
                elif not _votable(value):
                    ledger.unread["rankings or blanks"] += 1
                else:
                    answers.append((item, user, value))
        lists = iter(labels_in([value for _, _, value in answers if _labels(value)]))
        lines = [(item, user, next(lists) if _labels(value) else _text(value), None) for item, user, value in answers]
        ledger.read, ledger.unread = len(lines), +ledger.unread
        items = item_columns((item, record.get("fields") or _fields(record)) for item, record in _named(records))
        return AnnotationReading(
            "argilla", vote_columns(lines), items, None, ledger, {"records": records, "question": control}
        )

    def write(self, labels: pa.Table, items: pa.Table | None, kind: str, reading: AnnotationReading | None) -> str:
        """A suggestion a record, of the agent ``karat``."""
        lines = by_item(labels)
        if reading is None:
            records, question = _made(items, lines), "label"
        else:
            records, question = copy.deepcopy(reading.document["records"]), reading.document["question"]
        for item, record in _named(records):
            line = lines.get(item)
            if line is None or line["label"] is None:
                continue
            value = (
                listed(line["label"]) if kind in ("labels", "span", "box") else _number(line["label"], record, question)
            )
            told = {"value": value, "score": line["confidence"], "agent": ITSELF}
            if isinstance(record.get("suggestions"), dict) or "fields" in record:
                record["suggestions"] = (record.get("suggestions") or {}) | {question: told}
            else:
                place = f"{question}.suggestion"
                record |= {place: value, f"{place}.score": told["score"], f"{place}.agent": ITSELF}
        return as_json(records)


def _responses(record: Record) -> Iterator[tuple[str, Any, str, Any]]:
    """Question, value, user and status of each response."""
    nested = record.get("responses")
    if isinstance(nested, dict):
        for question, said in nested.items():
            for response in said or []:
                yield question, response.get("value"), str(response.get("user_id")), response.get("status")
        return
    for key, values in record.items():
        if key.endswith(FLAT):
            users, status = record.get(f"{key}.users") or [], record.get(f"{key}.status") or []
            for at, value in enumerate(values or []):
                user = users[at] if at < len(users) else "unknown"
                yield key.removesuffix(FLAT), value, str(user), status[at] if at < len(status) else None


def _suggestions(record: Record) -> list[Any]:
    nested = record.get("suggestions")
    entries = (
        nested.values() if isinstance(nested, dict) else [v for k, v in record.items() if k.endswith(".suggestion")]
    )
    return [entry for entry in entries if entry is not None]


def _votable(value: Any) -> bool:
    if isinstance(value, list):
        return not any(isinstance(entry, dict) and "rank" in entry for entry in value)
    return value is not None and not isinstance(value, dict)


def _labels(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, str) for entry in value)


def _text(value: Any) -> str:
    return as_json(value) if isinstance(value, list) else str(value)


def _number(label: str, record: Record, question: str) -> Any:
    """A rating as a number, where responses are numbers."""
    said = [value for name, value, _, _ in _responses(record) if name == question]
    number = any(isinstance(value, (int, float)) and not isinstance(value, bool) for value in said)
    return int(float(label)) if number and float(label).is_integer() else float(label) if number else label


def _fields(record: Record) -> Record:
    return {key: value for key, value in record.items() if "." not in key and key not in ("id", "_server_id", "status")}


def _named(records: Sequence[Record]) -> Iterator[tuple[str, Record]]:
    for at, record in enumerate(records):
        name = record.get("id") or record.get("_server_id")
        yield str(at if name is None else name), record


def _made(items: pa.Table | None, lines: dict[str, Any]) -> list[Record]:
    records = items.to_pylist() if items is not None else [{"item": item} for item in lines]
    name = "item" if items is None or "item" in items.column_names else "id"
    blank: Record = {"metadata": {}, "suggestions": {}, "responses": {}, "vectors": {}, "_server_id": None}
    return [
        {"id": str(record[name]), "fields": {key: cell for key, cell in record.items() if key != name}}
        | copy.deepcopy(blank)
        for record in records
    ]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
