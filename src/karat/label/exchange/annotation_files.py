"""What the file of an annotation tool holds for Karat, whatever the tool."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa

from karat.core.errors import InputError

ITSELF = "karat"
VOTES = {"item": pa.string(), "voter": pa.string(), "label": pa.string(), "seconds": pa.float64()}


@dataclass
class Ledger:
    """What was read of a file and what was not.

    Parameters
    ----------
    read : int
        Answers that are votes.
    unread : Counter of str
        Why others are not, and how many.
    """

    read: int = 0
    unread: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        missing = sum(self.unread.values())
        why = ", ".join(f"{count:,} {reason}" for reason, count in sorted(self.unread.items()))
        return f"{self.read:,} answers read, {missing:,} not" + (f": {why}" if missing else "")


@dataclass(frozen=True, eq=False)
class AnnotationReading:
    """Votes, items and known answers in a file.

    Parameters
    ----------
    name : str
        The format's.
    votes : pyarrow.Table
        ``item``, ``voter``, ``label`` (null for an abstention; lists as JSON), ``seconds``.
    items : pyarrow.Table
        ``item`` and columns of text.
    document : any
        What the format keeps to write the file back with labels.
    answers : str
        The type of answers that the format holds; "auto" where it holds several.
    """

    name: str
    votes: pa.Table
    items: pa.Table
    gold: pa.Table | None
    ledger: Ledger
    document: Any
    answers: str = "auto"


@dataclass(frozen=True)
class AnnotationSource:
    """One file: its name without folders and endings, and its text."""

    stem: str
    text: str


class AnnotationFormat(Protocol):
    """A format of annotation files.

    Parameters
    ----------
    name : str
        As ``--from`` and ``--to`` take it.
    file_name : str
        Of the file with labels.
    """

    name: str
    file_name: str

    def matches(self, source: AnnotationSource) -> bool:
        """Is the file of this format, by its content?"""
        ...

    def read(self, sources: Sequence[AnnotationSource], control: str) -> AnnotationReading:
        """Votes in one or more files; ``control`` names the question, "" the one answered most often."""
        ...

    def write(self, labels: pa.Table, items: pa.Table | None, kind: str, reading: AnnotationReading | None) -> str:
        """Labels as a file, in a copy of the one that was read where there is one; ``kind`` is the type of answers."""
        ...


def vote_columns(lines: Sequence[tuple[str, str, str | None, float | None]]) -> pa.Table:
    """Votes as a table."""
    columns = zip(*lines, strict=True) if lines else ([] for _ in VOTES)
    return pa.table(
        {name: pa.array(list(cells), kind) for (name, kind), cells in zip(VOTES.items(), columns, strict=True)}
    )


def item_columns(records: Iterable[tuple[str, Mapping[str, Any]]]) -> pa.Table:
    """``item`` and the columns that hold text, one line an item."""
    lines = dict(records)
    names = sorted({name for data in lines.values() for name, value in data.items() if isinstance(value, str)})
    columns: dict[str, list[str | None]] = {"item": list(lines)}
    for name in names:
        if name not in ("item", "id"):
            cells = (data.get(name) for data in lines.values())
            columns[name] = [cell if isinstance(cell, str) else None for cell in cells]
    return pa.table({name: pa.array(texts, pa.string()) for name, texts in columns.items()})


def as_json(value: Any) -> str:
    """A list of labels, spans or boxes as the text of a vote."""
    return json.dumps(value, ensure_ascii=False)


def labels_in(answers: Sequence[list[str]]) -> list[str]:
    """Lists of labels as texts: single labels where nobody gave two, else JSON."""
    several = any(len(answer) > 1 for answer in answers)
    return [as_json(answer) if several or not answer else answer[0] for answer in answers]


def listed(label: str | None) -> list[Any]:
    """The parts of a label, whatever its type; a class is a list of one."""
    if label is None:
        return []
    if label[:1] in ("[", "{"):
        try:
            value = json.loads(label)
        except ValueError:
            return [label]
        return value if isinstance(value, list) else [value]
    return [label]


def by_item(labels: pa.Table) -> dict[str, dict[str, Any]]:
    """Lines of labels by item."""
    return {line["item"]: line for line in labels.to_pylist()}


def parsed_json(source: AnnotationSource, name: str) -> Any:
    """The file as JSON. Raises InputError with the place of the first error."""
    try:
        return json.loads(source.text)
    except ValueError as error:
        raise InputError(f"{source.stem} is not JSON of {name}: {error}", "Export it again") from None


def first_entry(text: str) -> Any:
    """The first entry of a JSON list, or of JSON lines, or the value itself; None where there is none."""
    start = text.lstrip("\ufeff \t\r\n")
    inside = start[1:].lstrip() if start[:1] == "[" else start
    try:
        return json.JSONDecoder().raw_decode(inside)[0]
    except ValueError:
        return None


def most_used(used: Counter[str], control: str, name: str) -> str:
    """The question asked for, or the one answered most often. Raises InputError where there is none."""
    if not used or (control and control not in used):
        known = ", ".join(sorted(used)) or "none"
        asked = f"the question {control!r}" if control else "an answer that can be a vote"
        raise InputError(f"{asked} is not in the file of {name}; questions with answers: {known}", "Set --question")
    return control or max(sorted(used), key=used.__getitem__)
