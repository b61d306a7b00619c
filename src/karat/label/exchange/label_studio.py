"""Label Studio's JSON and JSON-MIN, in and out without loss.

Source: the task format of its documentation (labelstud.io/guide/task_format, /guide/export). Annotations are votes,
predictions are not: a model that was shown to people is no independent voter.
"""

import copy
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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

Task = dict[str, Any]

ONE = {"rating": "rating", "number": "number", "datetime": "datetime", "pairwise": "selected"}
LISTS = ("choices", "taxonomy", "textarea")
SPANS = ("labels", "hypertextlabels", "paragraphlabels", "timeserieslabels", "timelinelabels")
BOXES = ("rectanglelabels",)
SIDES = ("x", "y", "width", "height")
WRITTEN = {"labels": "choices", "span": "labels", "box": "rectanglelabels", "class": "choices", "ordinal": "choices"}
ABOUT = ("id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement", "inner_id")


class LabelStudio:
    """Label Studio: tasks with annotations (JSON), or a line an annotation (JSON-MIN)."""

    name = "label-studio"
    file_name = "label_studio.json"

    def matches(self, source: AnnotationSource) -> bool:
        """A list of tasks with ``data`` and ``annotations``, or of lines with ``annotation_id``."""
        first = first_entry(source.text)
        return isinstance(first, dict) and (is_task(first) or "annotation_id" in first)

    def read(self, sources: Sequence[AnnotationSource], control: str) -> AnnotationReading:
        """Annotations as votes, ground truth as known answers."""
        tasks = [task for source in sources for task in _list(parsed_json(source, "Label Studio"))]
        if not tasks or not all(isinstance(task, dict) for task in tasks):
            raise InputError(
                "the file is not Label Studio's: it has no tasks with data and annotations", "Export as JSON"
            )
        if not is_task(tasks[0]) and "annotation_id" in tasks[0]:
            return _read_min(tasks, control)
        if not all(isinstance(task.get("data"), dict) for task in tasks):
            raise InputError("the file is not Label Studio's: it has tasks without data", "Export as JSON")
        return _read_tasks(tasks, control)

    def write(self, labels: pa.Table, items: pa.Table | None, kind: str, reading: AnnotationReading | None) -> str:
        """A prediction more a task; an older one of ours goes."""
        lines = by_item(labels)
        if reading is None:
            tasks, like = _made(items, lines), {"from_name": "label", "to_name": _shown(items)}
        elif reading.document["flat"]:
            return as_json(_min_with(reading, lines))
        else:
            tasks, like = copy.deepcopy(reading.document["tasks"]), reading.document["like"]
        for item, task in _named(tasks):
            line = lines.get(item)
            if line is None or line["label"] is None:
                continue
            kept = [entry for entry in _entries(task, "predictions") if entry.get("model_version") != ITSELF]
            parts = listed(line["label"]) if kind in ("span", "box") else []
            regions = [like | _region(part, kind, like) | {"id": f"karat{at}"} for at, part in enumerate(parts)]
            result = regions if kind in ("span", "box") else [like | _result(line["label"], kind, like)]
            task["predictions"] = [*kept, {"model_version": ITSELF, "score": line["confidence"], "result": result}]
        return as_json(tasks)


def is_task(value: Any) -> bool:
    """Is this a task of Label Studio?"""
    return (
        isinstance(value, dict)
        and isinstance(value.get("data"), dict)
        and any(isinstance(value.get(name), list) for name in ("annotations", "predictions", "completions"))
    )


def _read_tasks(tasks: list[Task], control: str) -> AnnotationReading:
    used: Counter[str] = Counter()
    for _, task in _named(tasks):
        for annotation in _entries(task, "annotations"):
            used.update({str(result.get("from_name")) for result in _results(annotation) if _readable(result)})
    if not used:
        kinds = Counter(
            str(r.get("type")) for _, t in _named(tasks) for a in _entries(t, "annotations") for r in _results(a)
        )
        raise InputError(
            f"no answer can be a vote; control tags in the file: {', '.join(sorted(kinds)) or 'none'}",
            "Export a project with choices, taxonomy, ratings, numbers, labels or rectangles",
        )
    control = most_used(used, control, "Label Studio")
    ledger, like = Ledger(), _like(tasks, control)
    answers: list[tuple[str, Task, Any]] = []
    for item, task in _named(tasks):
        ledger.unread["predictions of models"] += len(_entries(task, "predictions"))
        for annotation in _entries(task, "annotations"):
            answers.append((item, annotation, _answer(annotation, control, like["type"], ledger)))
    texts = iter(labels_in([answer for _, _, answer in answers if isinstance(answer, list)]))
    lines: list[tuple[str, str, str | None, float | None]] = []
    known: dict[str, str] = {}
    for item, annotation, answer in answers:
        label = next(texts) if isinstance(answer, list) else answer
        if label is None and not annotation.get("was_cancelled"):
            continue
        if annotation.get("ground_truth") and label is not None:
            known[item] = label
            ledger.unread["known answers (ground truth)"] += 1
        elif not annotation.get("ground_truth"):
            lines.append((item, _person(annotation.get("completed_by")), label, _seconds(annotation.get("lead_time"))))
            ledger.read += label is not None
            ledger.unread["skipped by their annotator"] += label is None
    ledger.unread = +ledger.unread
    items = item_columns((item, task["data"]) for item, task in _named(tasks))
    gold = pa.table({"item": list(known), "label": list(known.values())}) if known else None
    return AnnotationReading(
        "label-studio", vote_columns(lines), items, gold, ledger, {"flat": False, "tasks": tasks, "like": like}
    )


def _answer(annotation: Task, control: str, kind: str, ledger: Ledger) -> Any:
    """A text, a list of labels, or None."""
    if annotation.get("was_cancelled"):
        return None
    results = _results(annotation)
    for result in results:
        if result.get("from_name") != control:
            ledger.unread[f"to another question ({result.get('from_name')}, {result.get('type')})"] += 1
    mine = [result for result in results if result.get("from_name") == control]
    if kind in (*SPANS, *BOXES):
        return as_json([part for result in mine for part in _parts(result, ledger)])
    whole = [result for result in mine if not _regional(result)]
    ledger.unread["about a region and not the whole"] += len(mine) - len(whole)
    return _whole(whole[0]["value"], kind) if whole else None


def _whole(value: Mapping[str, Any], kind: str) -> Any:
    if kind in ONE:
        answer = value.get(ONE[kind])
        return None if answer is None else str(answer)
    names = value.get("text" if kind == "textarea" else kind) or []
    names = names if isinstance(names, list) else [names]
    if kind == "textarea":
        return " ".join(str(name) for name in names) or None
    return ["/".join(map(str, name)) if isinstance(name, list) else str(name) for name in names]


def _parts(result: Task, ledger: Ledger) -> Iterator[dict[str, Any]]:
    value, kind = result["value"], result["type"]
    labels = value.get(kind) or [""]
    if kind in BOXES:
        place = {side: value.get(side) for side in SIDES}
    else:
        offsets = value.get("globalOffsets")
        spot = offsets if isinstance(offsets, dict) else value
        place = {"start": spot.get("start"), "end": spot.get("end")}
    if not all(isinstance(spot, (int, float)) for spot in place.values()):
        ledger.unread["without a place in characters"] += 1
        return
    for label in labels:
        yield place | {"label": str(label)}


def _read_min(lines: list[Task], control: str) -> AnnotationReading:
    """A line an annotation: which key is the question follows from what annotators of one task disagree on."""
    keys = sorted({key for line in lines for key in line} - set(ABOUT))
    scores = {
        key: _question_like([line.get(key) for line in lines], [str(line.get("id")) for line in lines]) for key in keys
    }
    used: Counter[str] = Counter({key: round(1000 * score) for key, score in scores.items() if score > 0})
    control = most_used(used, control, "Label Studio (JSON-MIN)")
    ledger = Ledger()
    answers = [_min_answer(line.get(control), ledger) for line in lines]
    texts = iter(labels_in([answer for answer in answers if isinstance(answer, list)]))
    votes: list[tuple[str, str, str | None, float | None]] = []
    for line, answer in zip(lines, answers, strict=True):
        label = next(texts) if isinstance(answer, list) else answer
        if label is None:
            ledger.unread["without an answer"] += 1
            continue
        votes.append((str(line.get("id")), _person(line.get("annotator")), label, _seconds(line.get("lead_time"))))
        ledger.read += 1
    data = item_columns((str(line.get("id")), {key: line.get(key) for key in keys if key != control}) for line in lines)
    document = {"flat": True, "lines": lines, "control": control}
    return AnnotationReading("label-studio", vote_columns(votes), data, None, ledger, document)


def _min_answer(value: Any, ledger: Ledger) -> Any:
    if isinstance(value, dict):
        value = next((value[key] for key in (*LISTS, "text") if key in value), None)
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        parts = []
        for entry in value:
            kind = next((name for name in (*SPANS, *BOXES) if name in entry), None)
            if kind is None:
                ledger.unread["regions of other kinds"] += 1
            else:
                parts += list(_parts({"type": kind, "value": entry}, ledger))
        return as_json(parts)
    if isinstance(value, list):
        return ["/".join(map(str, name)) if isinstance(name, list) else str(name) for name in value]
    return None if value is None or value == "" else str(value)


def _question_like(values: list[Any], items: list[str]) -> float:
    """How much a key looks like a question: above 0 for structured values, and where annotators of one task differ."""
    if any(isinstance(value, (dict, list)) for value in values):
        return 2.0
    answers: dict[str, set[str]] = {}
    for item, value in zip(items, values, strict=True):
        if value is not None:
            answers.setdefault(item, set()).add(str(value))
    if any(len(group) > 1 for group in answers.values()):
        return 1.0
    different = len({text for group in answers.values() for text in group})
    return 0.5 * (1 - different / len(answers)) if answers else 0.0


def _min_with(reading: AnnotationReading, lines: Mapping[str, Mapping[str, Any]]) -> list[Task]:
    """The lines as they came, and one more a task."""
    control, original = (
        reading.document["control"],
        [line for line in reading.document["lines"] if line.get("annotator") != ITSELF],
    )
    out = copy.deepcopy(original)
    first: dict[str, Task] = {}
    for line in original:
        first.setdefault(str(line.get("id")), line)
    for item, line in first.items():
        if item in lines and lines[item]["label"] is not None:
            parts = listed(lines[item]["label"])
            plain = [_min_part(part, line.get(control)) if isinstance(part, dict) else part for part in parts]
            value = plain if isinstance(line.get(control), list) else {"choices": plain} if len(plain) > 1 else plain[0]
            kept = {key: cell for key, cell in line.items() if key not in ABOUT or key == "id"}
            out.append(kept | {control: value, "annotator": ITSELF, "annotation_id": None})
    return out


def _min_part(part: Mapping[str, Any], like: Any) -> Task:
    kind = "rectanglelabels" if "x" in part else "labels"
    for entry in like if isinstance(like, list) else []:
        kind = next((name for name in (*SPANS, *BOXES) if isinstance(entry, dict) and name in entry), kind)
    return {key: value for key, value in part.items() if key != "label"} | {kind: [part.get("label", "")]}


def _result(label: str, kind: str, like: Mapping[str, Any]) -> Task:
    control = str(like.get("type") or WRITTEN.get(kind, "textarea"))
    if control in ONE:
        number = float(label) if control in ("rating", "number") else label
        return {
            "type": control,
            "value": {ONE[control]: int(number) if isinstance(number, float) and number.is_integer() else number},
        }
    names = listed(label)
    if control == "taxonomy":
        return {"type": control, "value": {"taxonomy": [str(name).split("/") for name in names]}}
    if control == "textarea":
        return {"type": control, "value": {"text": [str(name) for name in names]}}
    return {"type": control, "value": {"choices": [str(name) for name in names]}}


def _region(part: Mapping[str, Any], kind: str, like: Mapping[str, Any]) -> Task:
    control = str(like.get("type") or WRITTEN[kind])
    place = {name: value for name, value in part.items() if name != "label"}
    return {"type": control, "value": place | {control: [part.get("label", "")]}}


def _made(items: pa.Table | None, lines: Mapping[str, Any]) -> list[Task]:
    """Tasks from items, where none were read."""
    records = items.to_pylist() if items is not None else [{"item": item} for item in lines]
    name = "item" if items is None or "item" in items.column_names else "id"
    return [{"id": record[name], "data": record, "annotations": []} for record in records]


def _shown(items: pa.Table | None) -> str:
    names = [name for name in items.column_names if name not in ("item", "id")] if items is not None else []
    return names[0] if names else "item"


def _like(tasks: list[Task], control: str) -> Task:
    for _, task in _named(tasks):
        for annotation in _entries(task, "annotations"):
            for result in _results(annotation):
                if result.get("from_name") == control and _readable(result):
                    return {name: result[name] for name in ("from_name", "to_name", "type") if name in result}
    raise InputError(f"the question {control!r} has no answers", "Set --question")


def _readable(result: Task) -> bool:
    return result.get("type") in (*ONE, *LISTS, *SPANS, *BOXES) and isinstance(result.get("value"), dict)


def _regional(result: Task) -> bool:
    return any(name in result["value"] for name in ("x", "start", "points"))


def _results(annotation: Task) -> list[Task]:
    return [result for result in annotation.get("result") or [] if isinstance(result, dict)]


def _named(tasks: list[Task]) -> Iterator[tuple[str, Task]]:
    for at, task in enumerate(tasks):
        yield str(task.get("id", at)), task


def _entries(task: Task, name: str) -> list[Task]:
    entries = task.get(name) or (task.get("completions") if name == "annotations" else None) or []
    return [entry for entry in entries if isinstance(entry, dict)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _person(value: Any) -> str:
    if isinstance(value, dict):  # exports name a person by number or in full
        value = value.get("email") or value.get("id")
    return "unknown" if value is None else str(value)


def _seconds(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
