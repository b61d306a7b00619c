"""Everything in a run folder that waits for a person, as one list in the order in which it is asked.

The list is written once beside the run's work as an Arrow file, memory-mapped: texts stay on the disk until they are
shown, and a million cases open in the time it takes to map them.
"""

import csv
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.errors import InputError
from karat.core.schema import Schema
from karat.flow.decisions import KINDS
from karat.flow.folder import digest, is_unaltered, read_json, write_digest
from karat.flow.private_files import require_no_links
from karat.flow.review import REVIEW

CASES = pa.schema(
    [
        ("kind", pa.int8()),  # place in KINDS
        ("row", pa.int64()),
        ("other", pa.int64()),
        ("column", pa.string()),
        ("check", pa.string()),
        ("item", pa.string()),
        ("value", pa.string()),
        ("suggestion", pa.string()),
        ("confidence", pa.float64()),
        ("message", pa.string()),
        ("alike", pa.int32()),  # cases with one answer have one number
        ("key", pa.int64()),
    ]
)
SOURCES = (
    "review.parquet",
    "pairs.parquet",
    "labels.parquet",
    "next.parquet",
    "ask.csv",
    "findings.parquet",
    "schema.json",
)
BATCH = 65_536  # cost: cases of an Arrow batch
LIKELY_PAIR = (0.1, 0.99)  # display: outside, a pair is clear enough without a person
ASKED = 20  # display: records to check whole
MOST_DOUBTS = 5_000  # cost: findings looked at to choose them
CLEAR_VOTE = 0.9  # display: a label that is surer than this is no conflict
Tick = Callable[[str, int], None]
LABEL, CELL, RECORD, PAIR, CONFLICT, NEXT = range(len(KINDS))


def source_mark(run: Path) -> str:
    """What the list was made from: changes whenever one of its files does."""
    seen = [(name, (run / name).stat()) for name in SOURCES if (run / name).exists()]
    return digest("cases-2", [(name, stat.st_size, stat.st_mtime_ns) for name, stat in seen])


def open_queue(run: Path, tick: Tick = lambda _what, _done: None) -> "Queue":
    """The list of a run folder, made anew where its files have changed.

    Raises
    ------
    InputError
        The folder holds nothing that Karat made.
    """
    if not any((run / name).exists() for name in (*SOURCES, "run.json")):
        raise InputError(
            f"{run} is not a run folder: "
            + ("it has no review.parquet" if run.is_dir() else "there is no such folder"),
            "Make one with karat clean DATA",
        )
    require_no_links(run)
    mark = source_mark(run)
    path = run / ".work" / "review.arrow"
    queue = Queue.open(path, mark)
    if queue is None:
        path.parent.mkdir(exist_ok=True)
        _write(path, _ordered(_gathered(run, tick)), mark)
        queue = Queue.open(path, mark)
    assert queue is not None
    return queue


@dataclass(frozen=True, eq=False)
class Queue:
    """The cases, numbered from 0 in the order in which they are asked."""

    file: Any
    mark: str
    _kept: dict[str, np.ndarray] = field(init=False, repr=False, default_factory=dict)
    _coded: dict[str, tuple[np.ndarray, list[str]]] = field(init=False, repr=False, default_factory=dict)

    @classmethod
    def open(cls, path: Path, mark: str) -> "Queue | None":
        """The list in a file, or None where there is none for this mark."""
        if not is_unaltered(path):
            return None
        try:
            file = pa.ipc.open_file(pa.memory_map(str(path)))
        except pa.ArrowInvalid:
            return None
        known = (file.schema.metadata or {}).get(b"mark", b"").decode()
        return cls(file, mark) if known == mark else None

    @cached_property
    def size(self) -> int:
        """How many cases there are."""
        return sum(self.file.get_batch(at).num_rows for at in range(self.file.num_record_batches))

    def narrow(self, name: str) -> np.ndarray:
        """A column of numbers, whole (n,); null as 0."""
        if name not in self._kept:
            batches = [self.file.get_batch(at).column(name) for at in range(self.file.num_record_batches)]
            whole = pa.chunked_array(batches, CASES.field(name).type)
            self._kept[name] = pc.fill_null(whole, 0).to_numpy()
        return self._kept[name]

    def coded(self, name: str) -> tuple[np.ndarray, list[str]]:
        """A column of names as codes (n,) int32, -1 for null, and the names in the order of the alphabet."""
        if name not in self._coded:
            batches = [self.file.get_batch(at).column(name) for at in range(self.file.num_record_batches)]
            whole = pa.chunked_array(batches, pa.string()).combine_chunks().dictionary_encode()
            names = whole.dictionary.to_pylist()
            rank = np.argsort(np.argsort(np.array(names, object))) if names else np.zeros(1, np.int64)
            codes = pc.fill_null(whole.indices, -1).to_numpy(zero_copy_only=False)
            self._coded[name] = (np.where(codes < 0, -1, rank[codes]).astype(np.int32), sorted(names))
        return self._coded[name]

    def case(self, at: int) -> dict[str, Any]:
        """One case, its ``kind`` by name."""
        case: dict[str, Any] = self.file.get_batch(at // BATCH).slice(at % BATCH, 1).to_pylist()[0]
        return case | {"kind": KINDS[case["kind"]], "at": at}

    def places(self, keys: np.ndarray) -> np.ndarray:
        """Where cases stand by their keys (k,); -1 for those that wait no longer."""
        order, rising = self._by_key
        at = np.minimum(np.searchsorted(rising, keys), max(0, self.size - 1))
        if not self.size:
            return np.full(len(keys), -1)
        out: np.ndarray = np.where(rising[at] == keys, order[at], -1)
        return out

    @cached_property
    def _by_key(self) -> tuple[np.ndarray, np.ndarray]:
        keys = self.narrow("key")
        order = np.argsort(keys, kind="stable")
        return order, keys[order]

    def alike(self, at: int) -> np.ndarray:
        """The numbers of all cases with the same answer, itself among them; itself alone where each needs a look."""
        numbers = self.narrow("alike")
        return np.flatnonzero(numbers == numbers[at]) if numbers[at] >= 0 else np.array([at])


def _gathered(run: Path, tick: Tick) -> pa.Table:
    """The cases of all files, in no order."""
    parts = [CASES.empty_table()]
    target = None
    if (run / "schema.json").exists():
        column = Schema.from_json(read_json(run / "schema.json")).target
        target = column.name if column else None
    for name, read in (("review.parquet", _asked), ("pairs.parquet", _pairs), ("labels.parquet", _conflicts)):
        if (run / name).exists():
            table = pq.read_table(run / name)
            tick(name, table.num_rows)
            parts.append(read(table, target))
    parts.append(_next(run))
    return pa.concat_tables(parts).combine_chunks()


def _cases(size: int, **columns: Any) -> pa.Table:
    """Cases from some columns, the others null; keys are made here."""
    arrays = []
    for case_field in CASES:
        column = columns.get(case_field.name)
        if isinstance(column, pa.ChunkedArray):
            column = column.combine_chunks()
        arrays.append(pa.nulls(size, case_field.type) if column is None else pa.array(column).cast(case_field.type))
    cases = pa.table(arrays, schema=CASES)
    alike = pa.array(np.full(size, -1, np.int32)) if columns.get("alike") is None else cases["alike"]
    cases = cases.set_column(CASES.get_field_index("alike"), "alike", alike)
    return cases.set_column(CASES.get_field_index("key"), "key", pa.array(_keys(cases)))


def _asked(cases: pa.Table, target: str | None) -> pa.Table:
    """Cells, labels, records and pairs from ``review.parquet``, each once, what others say of it in its message."""
    cases = cases.select(REVIEW.names).combine_chunks()
    columns, checks = (pc.fill_null(cases[name], "") for name in ("column", "check"))
    order = np.lexsort(
        (
            checks.combine_chunks().dictionary_encode().indices.to_numpy(),
            -pc.fill_null(cases["confidence"], 0.0).to_numpy(),
            columns.combine_chunks().dictionary_encode().indices.to_numpy(),
            cases["row"].to_numpy(),
        )
    )
    cases = cases.take(pa.array(order))
    rows, named = cases["row"].to_numpy(), cases["column"].combine_chunks().dictionary_encode()
    codes = pc.fill_null(named.indices, -1).to_numpy(zero_copy_only=False)
    first = np.ones(len(rows), bool)
    first[1:] = (rows[1:] != rows[:-1]) | (codes[1:] != codes[:-1])
    said = _joined(cases["message"].combine_chunks(), first)
    cases = cases.filter(pa.array(first))
    return _kinded(cases.set_column(cases.schema.get_field_index("message"), "message", said), target)


def _joined(messages: pa.Array, first: np.ndarray) -> pa.Array:
    """The message of every first case, with those of its followers in lines below."""
    starts = np.flatnonzero(first)
    lengths = np.diff(np.append(starts, len(first)))
    texts = messages.take(pa.array(starts))
    many = np.flatnonzero(lengths > 1)
    if not len(many):
        return texts
    joined = [
        "\n".join(dict.fromkeys(m for m in messages.slice(starts[at], lengths[at]).to_pylist() if m)) for at in many
    ]
    mask = np.zeros(len(starts), bool)
    mask[many] = True
    return pc.replace_with_mask(texts, pa.array(mask), pa.array(joined, pa.string()))


def _kinded(cases: pa.Table, target: str | None) -> pa.Table:
    size = cases.num_rows
    whole = pc.is_null(cases["column"]).to_numpy()
    number = pc.fill_null(pc.match_substring_regex(cases["value"], r"^\d{1,18}$"), False).to_numpy()
    twin = whole & number & pc.match_substring(cases["check"], "Duplicate").to_numpy()
    label = (
        np.zeros(size, bool) if target is None else pc.fill_null(pc.equal(cases["column"], target), False).to_numpy()
    )
    kind = np.select([twin, whole, label], [PAIR, RECORD, LABEL], CELL).astype(np.int8)
    partner = pc.if_else(pa.array(twin), cases["value"].combine_chunks(), None).cast(pa.int64())
    mine = cases["row"].combine_chunks()
    low, high = pc.min_element_wise(mine, partner), pc.max_element_wise(mine, partner)
    columns = {name: cases[name] for name in ("column", "check", "value", "suggestion", "confidence", "message")}
    equal = (kind == PAIR) & pc.equal(cases["check"], "DuplicateRecords").to_numpy()
    alike = np.where(equal, np.int32(size), _alike(cases, kind == CELL))  # one question: can a record occur twice?
    return _cases(size, kind=kind, row=low, other=pc.if_else(pa.array(twin), high, None), alike=alike, **columns)


def _alike(cases: pa.Table, is_cell: np.ndarray) -> np.ndarray:
    """(n,) int32: one number for cells with the same column, check, value and suggestion; -1 for other kinds."""
    numbers = np.zeros(cases.num_rows, np.int64)
    for name in ("column", "check", "value", "suggestion"):
        coded = cases[name].combine_chunks().dictionary_encode()
        codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64) + 1
        _, numbers = np.unique(numbers * (len(coded.dictionary) + 1) + codes, return_inverse=True)
    return np.where(is_cell, numbers, -1).astype(np.int32)


def _pairs(pairs: pa.Table, _target: str | None) -> pa.Table:
    sure = pairs["probability"].to_numpy()
    pairs = pairs.filter(pa.array((sure >= LIKELY_PAIR[0]) & (sure < LIKELY_PAIR[1])))
    return _cases(
        pairs.num_rows,
        kind=np.full(pairs.num_rows, PAIR, np.int8),
        row=pairs["left"],
        other=pairs["right"],
        confidence=pairs["probability"],
        message=pairs["evidence"],
    )


def _conflicts(labels: pa.Table, _target: str | None) -> pa.Table:
    labels = labels.filter(pc.less(labels["confidence"], CLEAR_VOTE))
    size = labels.num_rows
    counted = "votes" in labels.column_names
    said = pc.binary_join_element_wise(labels["votes"].cast(pa.string()), "votes", " ") if counted else None
    return _cases(
        size,
        kind=np.full(size, CONFLICT, np.int8),
        item=labels["item"].cast(pa.string()),
        suggestion=labels["label"].cast(pa.string()),
        confidence=labels["confidence"],
        message=said,
    )


def _next(run: Path) -> pa.Table:
    """What is worth asking next: the rows or items of ``next.parquet``, else the records of ``ask.csv``."""
    if (run / "next.parquet").exists():
        table = pq.read_table(run / "next.parquet")
        names = table.column_names
        row = table["row"].cast(pa.int64()) if "row" in names else None
        item = table["item"].cast(pa.string()) if "item" in names and row is None else None
        said = table["why"].cast(pa.string()) if "why" in names else None
        size = table.num_rows
        return _cases(size, kind=np.full(size, NEXT, np.int8), row=row, item=item, message=said)
    if not (run / "ask.csv").exists():
        return _worth_asking(run)
    with (run / "ask.csv").open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file)
        rows = list(dict.fromkeys(int(line["row"]) for line in lines if (line.get("row") or "").isdecimal()))
    return _cases(len(rows), kind=np.full(len(rows), NEXT, np.int8), row=pa.array(rows, pa.int64()))


def _worth_asking(run: Path) -> pa.Table:
    """Records that would settle most of what the checks are unsure of, where nobody has chosen any."""
    from karat.clean.answers import ask_rows

    if not (run / "findings.parquet").exists():
        return CASES.empty_table()
    findings = pq.read_table(
        run / "findings.parquet", filters=pc.field("row").is_valid() & pc.field("column").is_valid()
    )
    doubt = np.abs(pc.fill_null(findings["confidence"], 1.0).to_numpy() - 0.5)
    asked = ask_rows(findings.take(pa.array(np.argsort(doubt, kind="stable")[:MOST_DOUBTS])), ASKED)
    return _cases(asked.num_rows, kind=np.full(asked.num_rows, NEXT, np.int8), row=asked["row"], message=asked["why"])


def _keys(cases: pa.Table) -> np.ndarray:
    """(n,) int64: what a case is about, hashed; the same in every run and on every machine."""
    size = cases.num_rows
    mixed = np.zeros(size, np.uint64)
    kinds = cases["kind"].to_numpy()
    mixed = _mix(mixed, np.where(kinds == LABEL, CELL, kinds).astype(np.uint64))  # the target may be named later
    for name in ("row", "other"):
        mixed = _mix(mixed, pc.fill_null(cases[name], -1).to_numpy().astype(np.uint64))
    for name in ("column", "item"):
        coded = cases[name].combine_chunks().dictionary_encode()
        texts = np.array([_text_hash(text) for text in coded.dictionary.to_pylist()] + [0], np.uint64)
        codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
        mixed = _mix(mixed, texts[codes])
    return mixed.view(np.int64)


def record_key(row: int) -> int:
    """The key of the case whether a record goes."""
    return int(_cases(1, kind=np.array([RECORD], np.int8), row=pa.array([row], pa.int64()))["key"][0].as_py())


def check_key(code: str) -> int:
    """The key of a decision about a check itself."""
    return int(np.array([_text_hash(f"check {code}")], np.uint64).view(np.int64)[0])


def _text_hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def _mix(state: np.ndarray, value: np.ndarray) -> np.ndarray:
    """SplitMix64's finalizer over state and value."""
    mixed: np.ndarray = state * np.uint64(0x9E3779B97F4A7C15) + value
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _ordered(cases: pa.Table) -> pa.Table:
    """By kind; the surest and most frequent first, those alike together; pairs and conflicts from the most doubtful."""
    kind, sure = cases["kind"].to_numpy(), pc.fill_null(cases["confidence"], 0.0).to_numpy()
    alike = cases["alike"].to_numpy()
    times = np.ones(len(kind), np.int64)
    grouped = alike >= 0
    if grouped.any():
        times[grouped] = np.bincount(alike[grouped])[alike[grouped]]
    unlike = [kind == PAIR, kind == CONFLICT, kind == NEXT]
    doubt = np.select(unlike, [np.abs(sure - 0.5), sure, 0.0], -np.round(sure, 2))
    place = np.where(kind == NEXT, np.arange(len(kind)), pc.fill_null(cases["row"], 0).to_numpy())
    order = np.lexsort((place, alike, -times, doubt, kind))
    return cases.take(pa.array(order))


def _write(path: Path, cases: pa.Table, mark: str) -> None:
    """Whole or not at all, readable by its owner alone."""
    beside = path.with_name(f".{path.name}.part")
    beside.touch(mode=0o600)
    schema = CASES.with_metadata({"mark": mark})
    whole = cases.combine_chunks().replace_schema_metadata({"mark": mark})
    with pa.ipc.new_file(str(beside), schema) as writer:
        writer.write_table(whole, max_chunksize=BATCH)
    write_digest(path, beside)
    beside.replace(path)
