"""Answers that came true later, joined with the records that were served."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import InputError, OptionError
from karat.core.finding import SURE
from karat.core.schema import Schema
from karat.flow.applying import waiting_rows
from karat.flow.door import RequestDoor
from karat.flow.drift_reference import as_window

ID, AT, LABEL = "served_id", "served_at", "served_label"  # as karat serve --record names them
FEW_ANSWERED = 0.05  # definition: of the share of the side that is answered most, as for a 5 % level


@dataclass(frozen=True, eq=False)
class LateRecords:
    """Served records whose outcome is known, in the order in which they were served.

    Parameters
    ----------
    block : Block
        With the columns of the run, the target filled in and cells fixed as ``karat apply`` fixes them.
    counts : mapping of str to int
        ``answers``, ``unknown`` (answers whose id was never served), ``learned``
        (whose record was learned from before), ``contradictory`` (answers to one id that differ;
        none of them counts), ``repeated`` (that say the same again), ``blank``, ``served``, ``joined``, ``held``
        (joined records that a check is sure about and no fix has settled) and ``fixed`` (cells).
    at : sequence of str
        (n,) when each record was served.
    selected : str
        The predicted side whose outcomes are not known, in words; "" where both are.
    """

    block: Block
    counts: Mapping[str, int]
    at: Sequence[str]
    selected: str


def late_records(run: Path, answers: Any, key: str, schema: Schema, since: str = "") -> LateRecords:
    """Join answers with what the run and its learned models have served, and check and fix what was joined.

    A column that no request has, such as an identifier, is blank and speaks against no record.

    Parameters
    ----------
    run : Path
    answers : path, URL or data
        With a column of ids and one named as the target.
    key : str
        The column of ids.
    schema : Schema
        Of the run.
    since : str
        Records served until then are left out, and counted as ``learned``.

    Raises
    ------
    InputError
        Nothing was served, or the answers lack a column.
    """
    folders = [place for place in (run / "served", *sorted(run.glob("learned/*/served"))) if place.is_dir()]
    if not folders:
        raise InputError(f"{run} has no served records", "Start karat serve RUN --record")
    target = schema.target
    if target is None:
        raise InputError(f"the last run into {run} named no target", "Run it again with --target NAME")
    served = pa.concat_tables([_read(folder) for folder in folders], promote_options="default").combine_chunks()
    late = _read(answers)
    for name in (key, target.name):
        if name not in late.column_names:
            raise OptionError.unknown("column", name, late.column_names, "the answers")
    known, counts = _one_each(late[key].to_pylist(), late[target.name].to_pylist())
    order = np.argsort(np.array([text or "" for text in served[AT].to_pylist()]), kind="stable")
    served = served.take(pa.array(order))
    ids = _ids(served, key, known)
    times = [text or "" for text in served[AT].to_pylist()]
    joined = np.array([at for at, name in enumerate(ids) if name in known and times[at] > since], np.int64)
    learned = sum(name in known and times[at] <= since for at, name in enumerate(ids)) if since else 0
    counts |= {"served": len(ids), "joined": len(joined), "unknown": len(known.keys() - set(ids)), "learned": learned}
    some = served.take(pa.array(joined))
    cells = pa.array([known[ids[at]] for at in joined], pa.string())
    at = some.column_names.index(target.name) if target.name in some.column_names else None
    some = some.append_column(target.name, cells) if at is None else some.set_column(at, target.name, cells)
    sent = replace(schema, columns=tuple(column for column in schema if column.name in some.column_names))
    block, fixed, held = _checked(run, as_window(Block(np.arange(len(joined)), some, sent), sent))
    counts |= {"fixed": fixed, "held": held}
    when = [times[at] for at in joined[block.rows]]
    return LateRecords(as_window(block, schema), counts, when, _selected(served, set(joined.tolist())))


def _ids(served: pa.Table, key: str, known: Mapping[str, str]) -> list[str | None]:
    """The records' own ids, where the answers know any of them; else those that the server gave."""
    own: list[str | None] = served[key].to_pylist() if key in served.column_names else []
    return own if known.keys() & set(own) else served[ID].to_pylist()


def _read(data: Any) -> pa.Table:
    from karat.collect.read import open_data
    from karat.flow.data_reference import resolved

    place = str(data) if isinstance(data, Path) else data
    batches = list(open_data(resolved(place)).batches())
    if not batches:
        raise InputError(f"{data} holds no records", "Give another file")
    return pa.Table.from_batches(batches).combine_chunks()


def _one_each(ids: list[str | None], answers: list[str | None]) -> tuple[dict[str, str], dict[str, int]]:
    """One answer for each id, and what was left out."""
    said: dict[str, set[str]] = {}
    blank = repeated = 0
    for name, answer in zip(ids, answers, strict=True):
        if name is None or answer is None:
            blank += 1
            continue
        before = said.setdefault(name, set())
        repeated += answer in before
        before.add(answer)
    known = {name: next(iter(texts)) for name, texts in said.items() if len(texts) == 1}
    counts = {"answers": len(ids), "blank": blank, "repeated": repeated, "contradictory": len(said) - len(known)}
    return known, counts


def _checked(run: Path, block: Block) -> tuple[Block, int, int]:
    """The records that can be learned from, cells that were fixed, and records that were held back."""
    if not len(block):
        return block, 0, 0
    findings, ledger, mended = RequestDoor.of(run).judge(block)
    held = (
        np.isin(block.rows, waiting_rows(findings, ledger, SURE)) if findings.num_rows else np.zeros(len(block), bool)
    )
    return mended.take(np.flatnonzero(~held)), ledger.num_rows, int(held.sum())


def _selected(served: pa.Table, joined: set[int]) -> str:
    """The predicted side of which outcomes are hardly ever known."""
    if LABEL not in served.column_names or not joined:
        return ""
    labels = served[LABEL].to_pylist()
    sides = {label: [0, 0] for label in set(labels) if label is not None}
    for at, label in enumerate(labels):
        if label is not None:
            sides[label][0] += 1
            sides[label][1] += at in joined
    shares = {label: answered / count for label, (count, answered) in sides.items()}
    most = max(shares.values(), default=0.0)
    few = sorted(label for label, share in shares.items() if share < FEW_ANSWERED * most)
    return ", ".join(few)


def joined_blocks(first: Block, second: Block) -> Block:
    """Both, the second's records numbered behind the first's; columns of the first."""
    names = list(first.schema.names)
    table = pa.concat_tables(
        [part.table.select(names).cast(pa.schema([(name, pa.string()) for name in names])) for part in (first, second)]
    ).combine_chunks()
    behind = int(first.rows.max(initial=-1)) + 1 + np.arange(len(second))
    return Block(np.concatenate([first.rows, behind]), table, first.schema)


def with_target(block: Block, texts: pa.Array) -> Block:
    """The block with other outcomes."""
    assert block.schema.target is not None
    name = block.schema.target.name
    return Block(block.rows, block.table.set_column(block.table.column_names.index(name), name, texts), block.schema)


def outcomes(block: Block) -> pa.Array:
    """(n,) the outcomes as written."""
    assert block.schema.target is not None
    return pc.cast(block.text(block.schema.target.name), pa.string())
