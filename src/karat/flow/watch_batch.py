"""A micro-batch of messages: read, judged, fixed and sorted by policy; what comes of it does not depend on its size."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.collect.streams.message import Message
from karat.collect.streams.record import cells_of
from karat.core.block import Block
from karat.core.finding import SURE
from karat.core.schema import Schema
from karat.flow.applying import waiting_rows
from karat.flow.door import RequestDoor
from karat.flow.typed import typed
from karat.flow.watch_folder import DATA, FINDINGS, HELD, LEDGER, REJECTED

PASS, HOLD, REJECT = "pass", "hold", "reject"
POLICIES = {PASS: DATA, HOLD: HELD, REJECT: REJECTED}  # where records go that the checks are sure about
PARTITION, OFFSET, EXTRA, AS_WRITTEN = "_partition", "_offset", "_extra", "_as_written"
MOST_NAMES = 50  # cost: unknown columns that are remembered, so that each is told once


@dataclass(frozen=True)
class JudgedBatch:
    """What came of a batch.

    Parameters
    ----------
    tables : mapping of (folder, partition) to pyarrow.Table
    dead : list of (Message, str)
    records : int
        Records that could be read.
    blocks : list of (str, Block)
        Records by partition, in their order, as they came; for their times.
    odd : dict of str to str
        Columns that are missing or not known, and how.
    """

    tables: dict[tuple[str, str], pa.Table]
    dead: list[tuple[Message, str]]
    records: int
    counts: dict[str, int]
    blocks: list[tuple[str, Block]]
    odd: dict[str, str]


@dataclass(frozen=True)
class _Readable:
    message: Message
    cells: Mapping[str, str | None]
    row: int


@dataclass
class BatchJudge:
    """Judges batches with what a run has learned.

    Parameters
    ----------
    schema : Schema
        Of the run.
    policy : str
        "pass", "hold" or "reject".
    most_bytes : int
        A longer message is not read.
    """

    door: RequestDoor
    schema: Schema
    policy: str
    most_bytes: int
    _without: Schema = field(init=False)

    def __post_init__(self) -> None:
        target = self.schema.target
        rest = tuple(column for column in self.schema if target is None or column.name != target.name)
        self._without = replace(self.schema, columns=rest)

    def judge(self, messages: Sequence[Message], first: int) -> JudgedBatch:
        """Judge the messages of a batch; the first record that can be read has the number ``first``."""
        dead: list[tuple[Message, str]] = []
        readable: dict[tuple[str, bool], list[_Readable]] = {}
        target, row = self.schema.target, first
        for message in messages:
            cells = cells_of(message, self.most_bytes)
            if isinstance(cells, str):
                dead.append((message, cells))
                continue
            whole = target is None or target.name in cells
            readable.setdefault((message.partition, whole), []).append(_Readable(message, cells, row))
            row += 1
        out = JudgedBatch({}, dead, row - first, {"messages": len(messages), "dead": len(dead)}, [], {})
        for (partition, whole), records in readable.items():
            self._part(out, partition, records, self.schema if whole else self._without)
        return out

    def _part(self, out: JudgedBatch, partition: str, records: list[_Readable], schema: Schema) -> None:
        rows = np.array([record.row for record in records], np.int64)
        texts = [pa.array([record.cells.get(name) for record in records], pa.string()) for name in schema.names]
        block = Block(rows, pa.table(texts, names=list(schema.names)), schema)
        findings, ledger, mended = self.door.judge(block)
        extra = self._told(out, records, schema)
        table, retyped = self._typed(mended, records, extra)
        out.blocks.append((partition, block))
        doubtful = (
            np.isin(rows, waiting_rows(findings, ledger, SURE)) if findings.num_rows else np.zeros(len(rows), bool)
        )
        chosen = doubtful if self.policy != PASS else np.zeros(len(rows), bool)
        for folder, mask in ((DATA, ~chosen), (POLICIES[self.policy], chosen)):
            if mask.any():
                _add(out.tables, (folder, partition), table.filter(pa.array(mask)))
        for folder, told in ((FINDINGS, findings), (LEDGER, ledger)):
            if told.num_rows:
                _add(out.tables, (folder, partition), _placed(told, records))
        name = {HOLD: "held", REJECT: "rejected"}.get(self.policy, "")
        counted = {name: int(chosen.sum())} if name else {}
        sure = int(pc.sum(pc.greater_equal(findings["confidence"], SURE)).as_py() or 0)
        counted |= {"findings": sure, "doubtful": int(doubtful.sum()), "changed": ledger.num_rows, "retyped": retyped}
        for key, count in counted.items():
            out.counts[key] = out.counts.get(key, 0) + count

    def _told(self, out: JudgedBatch, records: list[_Readable], schema: Schema) -> list[str | None]:
        """Columns that are not known, as JSON by record; those and missing ones are counted."""
        known = set(schema.names)
        extra: list[str | None] = []
        for record in records:
            names = record.cells.keys()
            if names == known:
                extra.append(None)
                continue
            more = {name: text for name, text in record.cells.items() if name not in known}
            lacking = known - names
            for count, odd, how in (("extra", more, "not known"), ("missing", lacking, "missing")):
                out.counts[count] = out.counts.get(count, 0) + bool(odd)
                out.odd.update(dict.fromkeys(sorted(odd)[:MOST_NAMES], how))
            extra.append(json.dumps(more, ensure_ascii=False) if more else None)
        return extra

    def _typed(self, block: Block, records: list[_Readable], extra: list[str | None]) -> tuple[pa.Table, int]:
        """The records in the types of the run, with what does not fit them beside; and the number of such cells."""
        table = typed(block.table, block.rows, block.schema)
        unfit: dict[int, dict[str, str]] = {}
        for name in block.schema.names:
            text = block.table[name]
            if table[name].null_count != text.null_count:
                lost = pc.and_(pc.is_null(table[name]), pc.is_valid(text)).to_numpy()
                for at in np.flatnonzero(lost).tolist():
                    unfit.setdefault(at, {})[name] = text[at].as_py()
        written = [json.dumps(unfit[at], ensure_ascii=False) if at in unfit else None for at in range(len(records))]
        for name in self.schema.names:
            if name not in block.schema:
                table = table.append_column(name, pa.nulls(len(records), _type_of(self.schema, name)))
        table = table.select(["_row", *self.schema.names])
        for name, values in ((EXTRA, extra), (AS_WRITTEN, written)):
            table = table.append_column(name, pa.array(values, pa.string()))
        places = pa.array([record.message.offset for record in records], pa.string())
        partition = pa.repeat(records[0].message.partition, len(records))
        return table.append_column(PARTITION, partition).append_column(OFFSET, places), sum(map(len, unfit.values()))


def _type_of(schema: Schema, name: str) -> pa.DataType:
    from karat.flow.typed import typed_empty

    return typed_empty(schema).field(name).type


def _placed(table: pa.Table, records: Sequence[_Readable]) -> pa.Table:
    """Findings or ledger rows with the place of their record."""
    places: dict[Any, Message] = {record.row: record.message for record in records}
    rows = table["row"].to_pylist()
    partition = [places[row].partition if row in places else None for row in rows]
    offset = [places[row].offset if row in places else None for row in rows]
    return table.append_column(PARTITION, pa.array(partition, pa.string())).append_column(
        OFFSET, pa.array(offset, pa.string())
    )


def _add(tables: dict[tuple[str, str], pa.Table], key: tuple[str, str], table: pa.Table) -> None:
    there = tables.get(key)
    joined = table if there is None else pa.concat_tables([there, table])
    tables[key] = joined.sort_by("_row") if "_row" in joined.column_names and there is not None else joined
