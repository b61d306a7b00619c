"""Label Studio's JSON, in and out without loss.

The tasks are kept as they came, whatever is in them; votes are read from them, and labels are added to a copy. What is
not a choice of one class (boxes, spans, several choices) is no vote and stays where it is.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from karat.core.errors import InputError

KINDS = {"choices": "choices", "rating": "rating", "pairwise": "selected"}  # type of a result: where its answer stands
ITSELF = "karat"
MOST_SHOWN = 3  # display: names in an error

Task = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Studio:
    """Tasks with their annotations and predictions.

    Parameters
    ----------
    tasks : list of dict
        As exported; never changed.
    control : str
        ``from_name`` of the control tag whose answers are the votes.
    """

    tasks: list[Task]
    control: str = ""

    def votes(self) -> pa.Table:
        """``item``, ``voter``, ``label`` (null for a cancelled annotation: an abstention), ``seconds``.

        An annotation's voter is whoever completed it, a prediction's its model version. Known answers
        (``ground_truth``) are no votes, and neither are Karat's own predictions.
        """
        lines = list(self._votes())
        kinds = {"item": pa.string(), "voter": pa.string(), "label": pa.string(), "seconds": pa.float64()}
        columns = zip(*lines, strict=True) if lines else ([] for _ in kinds)
        return pa.table(
            {name: pa.array(list(cells), kind) for (name, kind), cells in zip(kinds.items(), columns, strict=True)}
        )

    def _votes(self) -> Iterator[tuple[str, str, str | None, float | None]]:
        for item, task in self._named():
            for annotation in _listed(task, "annotations"):
                if annotation.get("ground_truth"):
                    continue
                label = None if annotation.get("was_cancelled") else self._answer(annotation)
                if label is not None or annotation.get("was_cancelled"):
                    yield item, _person(annotation.get("completed_by")), label, _seconds(annotation.get("lead_time"))
            for prediction in _listed(task, "predictions"):
                label = self._answer(prediction)
                if label is not None and prediction.get("model_version") != ITSELF:
                    yield item, str(prediction.get("model_version") or "model"), label, None

    def gold(self) -> pa.Table | None:
        """``item``, ``label`` of annotations marked as ground truth; None when there are none."""
        pairs = [
            (item, self._answer(annotation))
            for item, task in self._named()
            for annotation in _listed(task, "annotations")
            if annotation.get("ground_truth") and not annotation.get("was_cancelled")
        ]
        known = sorted({(item, label) for item, label in pairs if label is not None})
        return (
            pa.table({"item": [item for item, _ in known], "label": [label for _, label in known]}) if known else None
        )

    def items(self) -> pa.Table:
        """``item`` and the text columns of ``data``, one line a task."""
        names = sorted({name for task in self.tasks for name, value in task["data"].items() if isinstance(value, str)})
        columns: dict[str, list[str | None]] = {"item": [item for item, _ in self._named()]}
        for name in names:
            if name not in ("item", "id"):
                cells = (task["data"].get(name) for task in self.tasks)
                columns[name] = [cell if isinstance(cell, str) else None for cell in cells]
        return pa.table({name: pa.array(texts, pa.string()) for name, texts in columns.items()})

    def with_labels(self, labels: pa.Table) -> list[Task]:
        """A copy of the tasks with one prediction more each: the label and its confidence; an older one of ours goes.

        Parameters
        ----------
        labels : pyarrow.Table
            ``item``, ``label``, ``confidence``.
        """
        like = self._example()
        by_item = {line["item"]: line for line in labels.to_pylist()}
        out = copy.deepcopy(self.tasks)
        for (item, _), task in zip(self._named(), out, strict=True):
            line = by_item.get(item)
            if line is None or like is None:
                continue
            kind = str(like["type"])
            answer = (
                line["label"] if kind == "pairwise" else int(line["label"]) if kind == "rating" else [line["label"]]
            )
            result = {name: like[name] for name in ("from_name", "to_name", "type")} | {"value": {KINDS[kind]: answer}}
            kept = [entry for entry in _listed(task, "predictions") if entry.get("model_version") != ITSELF]
            ours = {"model_version": ITSELF, "score": line["confidence"], "result": [result]}
            task["predictions"] = [*kept, ours]
        return out

    def _named(self) -> Iterator[tuple[str, Task]]:
        for at, task in enumerate(self.tasks):
            yield str(task.get("id", at)), task

    def _results(self, annotation: Task) -> Iterator[Task]:
        for result in annotation.get("result") or []:
            if isinstance(result, dict) and result.get("type") in KINDS and isinstance(result.get("value"), dict):
                yield result

    def _answer(self, annotation: Task) -> str | None:
        for result in self._results(annotation):
            if result.get("from_name") == self.control:
                answer = result["value"].get(KINDS[result["type"]])
                if isinstance(answer, list):
                    return str(answer[0]) if len(answer) == 1 else None
                return None if answer is None else str(answer)
        return None

    def _example(self) -> Task | None:
        for task in self.tasks:
            for annotation in [*_listed(task, "annotations"), *_listed(task, "predictions")]:
                for result in self._results(annotation):
                    if result.get("from_name") == self.control:
                        return result
        return None


def _listed(task: Task, name: str) -> list[Task]:
    entries = task.get(name) or []
    return [entry for entry in entries if isinstance(entry, dict)]


def _person(value: Any) -> str:
    if isinstance(value, dict):  # exports name a person by number or in full
        value = value.get("email") or value.get("id")
    return "unknown" if value is None else str(value)


def _seconds(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def is_studio(value: Any) -> bool:
    """Is this parsed JSON a list of Label Studio's tasks?"""
    if not isinstance(value, list) or not value:
        return False
    first = value[0]
    return (
        isinstance(first, dict)
        and isinstance(first.get("data"), dict)
        and any(isinstance(first.get(name), list) for name in ("annotations", "predictions"))
    )


def read_studio(value: Any, control: str = "") -> Studio:
    """Tasks from parsed JSON.

    Parameters
    ----------
    value : list of dict
    control : str
        Which control tag's answers are votes; by default the one used most often.

    Raises
    ------
    InputError
        These are no tasks, or nothing in them chooses one class.
    """
    if not is_studio(value) or not all(isinstance(task, dict) and isinstance(task.get("data"), dict) for task in value):
        raise InputError("the file is not Label Studio's: it has no tasks with data and annotations", "Export as JSON")
    studio = Studio(value, control)
    used: dict[str, int] = {}
    for task in value:
        for annotation in [*_listed(task, "annotations"), *_listed(task, "predictions")]:
            for result in studio._results(annotation):
                used[str(result.get("from_name"))] = used.get(str(result.get("from_name")), 0) + 1
    if not used or (control and control not in used):
        known = ", ".join(sorted(used)[:MOST_SHOWN]) or "none"
        raise InputError(
            f"the annotations do not choose one class each; control tags with choices: {known}",
            "Export a project with one choice per task",
        )
    return Studio(value, control or max(sorted(used), key=used.__getitem__))
