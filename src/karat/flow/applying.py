"""``karat apply``: clean tomorrow's file with what was learned today."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat import kinds
from karat.collect.assumed import ReadingOptions
from karat.collect.piece import QUARANTINE
from karat.core.errors import InputError
from karat.core.finding import FINDINGS, SURE
from karat.core.patch import no_changes
from karat.core.schema import Role, Schema
from karat.flow import collecting
from karat.flow.data_reference import resolved
from karat.flow.dataset import Dataset
from karat.flow.door import RequestDoor
from karat.flow.folder import read_json, write_json, write_table
from karat.flow.guard import stopped_in
from karat.flow.job import Job
from karat.flow.masking import HELD, Masking, recorded, without_personal_data
from karat.flow.run import walk
from karat.flow.settings import Settings, made_settings, read_settings
from karat.flow.typed import write_data
from karat.kinds import Layout
from karat.quality.documents import KIND


def apply_run(run: Path, new: Any, out: Path, how: Mapping[str, str] | None = None) -> dict[str, int]:
    """Judge and mend new records with the states a run has learned; nothing new is learned.

    Where the run is masked, so are they; their originals lie in ``vault/`` of ``out``.

    Parameters
    ----------
    run : Path
        A run folder made by ``karat clean`` or ``karat run``.
    new : path or table
        Records with the same columns; missing columns are an error.
    out : Path
        Folder for data, ledger, findings, quarantine and accounting.
    how : mapping, optional
        Settings of ``[collect]`` that say how the new file is read; the run's own settings where absent.

    Returns
    -------
    dict : records in, kept and quarantined, changed cells, and findings as ``resolved`` counts them.
    """
    schema = Schema.from_json(read_json(run / "schema.json"))
    done = APPLY[kinds.of(schema.kind).layout](run, schema, new, out, how or {})
    findings = pq.read_table(out / "findings.parquet", columns=["row", "column", "confidence"])
    return done | resolved_by(findings, pq.read_table(out / "ledger.parquet", columns=["row", "column", "action"]))


def resolved_by(findings: pa.Table, ledger: pa.Table) -> dict[str, int]:
    """How findings ended.

    Parameters
    ----------
    findings : pyarrow.Table
        ``row``, ``column``, ``confidence``.
    ledger : pyarrow.Table
        ``row``, ``column``, ``action``.

    Returns
    -------
    dict : ``fixed``, whose cell was changed or whose record was removed, whatever the confidence; ``review``, others
    with a confidence of 0.5 or more; ``findings``, both together; ``suspicions``, the rest.
    """
    gone = pc.is_in(ledger["action"], pa.array(["drop", "quarantine"]))
    cells = pc.unique(_places(ledger.filter(pc.invert(gone))))
    fixed = pc.or_(pc.is_in(_places(findings), cells), pc.is_in(findings["row"], pc.unique(ledger["row"].filter(gone))))
    review = pc.and_(pc.invert(fixed), pc.greater_equal(findings["confidence"], SURE))
    counts = {name: int(pc.sum(mask).as_py() or 0) for name, mask in (("fixed", fixed), ("review", review))}
    total = counts["fixed"] + counts["review"]
    return counts | {"findings": total, "suspicions": findings.num_rows - total}


def waiting_rows(findings: pa.Table, ledger: pa.Table, least: float) -> np.ndarray:
    """Records with a finding of at least that confidence that no entry of the ledger has settled; int64, distinct."""
    cells = pc.unique(_places(ledger))
    waiting = pc.and_(pc.invert(pc.is_in(_places(findings), cells)), pc.greater_equal(findings["confidence"], least))
    return pc.unique(findings["row"].filter(waiting).drop_null()).to_numpy()


def _places(table: pa.Table) -> pa.ChunkedArray:
    """A name for the cell of each line, which no other cell has."""
    return pc.binary_join_element_wise(
        table["row"].cast(pa.string()), table["column"].cast(pa.string()), ":", null_handling="replace"
    )


def _apply_records(run: Path, schema: Schema, new: Any, out: Path, how: Mapping[str, str]) -> dict[str, int]:
    from karat.collect.read import open_data
    from karat.collect.write import write_blocks

    door = RequestDoor.of(run)
    out.mkdir(parents=True, exist_ok=True)
    reading = collecting.unnumbered(open_data(resolved(new), options=_reading_options(run, how)))
    missing = [name for name in schema.names if name not in reading.names]
    target = schema.target.name if schema.target else None
    if missing and missing != [target]:
        raise InputError(f"{new} lacks columns of {run}: {', '.join(map(repr, missing))}", "Add them, blank if need be")
    masking = Masking() if _settings(run).clean.mask else None
    reading = masking.reading(reading) if masking else reading
    work = out / ".apply.arrow"
    write_blocks(reading, work)
    schema_here = replace(schema, columns=tuple(column for column in schema if column.name in reading.names))
    data = Dataset(schema_here, path=work)
    cells = _mended(data, door, out)
    quarantined = pa.Table.from_pylist(reading.quarantine, schema=QUARANTINE)
    if masking:
        quarantined = without_personal_data(quarantined)
        _kept_apart(masking, out)
    write_table(out / "quarantine.parquet", quarantined)
    books = {
        "in": len(data) + quarantined.num_rows,
        "kept": len(data),
        "removed": {},
        "quarantined": quarantined.num_rows,
    }
    write_json(out / "accounting.json", books)
    work.unlink()
    return {
        "in": books["in"],
        "kept": len(data),
        "quarantined": quarantined.num_rows,
        "cells": cells,
    }


def _reading_options(run: Path, how: Mapping[str, str]) -> ReadingOptions:
    """How the run was told to read, overruled by what is set now."""
    wants = _settings(run).collect
    return ReadingOptions.of(wants.model_copy(update={key: value for key, value in how.items() if value}))


def _kept_apart(masking: Masking, out: Path) -> None:
    """Originals into the vault, what stands in their place into ledger and findings."""
    write_table(out / HELD, masking.keep(out / "vault"))
    recorded(out, out)
    (out / HELD).unlink()


def _settings(run: Path) -> Settings:
    place = run / "karat.toml"
    return read_settings(place) if place.is_file() else Settings()


def _mended(data: Dataset, door: RequestDoor, out: Path) -> int:
    """Findings, ledger and data into ``out``; returns how many cells were changed."""
    findings, ledgers, parts = [FINDINGS.empty_table()], [no_changes()], []
    for block in data.blocks():
        judged, ledger, mended = door.judge(block)
        findings.append(judged)
        ledgers.append(ledger)
        parts.append(mended)
    write_table(out / "findings.parquet", pa.concat_tables(findings))
    write_table(out / "ledger.parquet", pa.concat_tables(ledgers))
    table = pa.concat_tables([part.table for part in parts])
    write_data(
        Dataset(data.schema, table=table, rows=np.concatenate([part.rows for part in parts])), out / "data.parquet"
    )
    return sum(written.num_rows for written in ledgers)


def _apply_documents(run: Path, schema: Schema, new: Any, out: Path, how: Mapping[str, str]) -> dict[str, int]:
    """Judge and clean new documents with the checks, limits and profile of a run.

    What the guard stopped in the run stays stopped. New documents are compared with one another and with those that the
    run has kept, which are the keepers of ``KnownTexts``.
    """
    settings = read_settings(run / "karat.toml").model_dump(mode="json")
    text = schema.with_role(Role.TEXT)[0].name
    settings["collect"] |= {"kind": KIND, "text": text, "target": ""} | {
        key: value for key, value in how.items() if value
    }
    stopped = {stop.step for stop in stopped_in(run)}
    settings["clean"]["ignore"] = sorted({*settings["clean"]["ignore"], *stopped})
    known = run if (run / "data.parquet").exists() else None
    settings["label"]["answers"], settings["store"]["versions"], settings["prepare"]["shards"] = "", False, False
    rooms = walk(Job(new, out, "clean", made_settings(settings, str(run / "karat.toml")), known=known)).rooms
    clean = rooms["clean"]
    quarantined = rooms["collect"]["quarantined"]
    return {
        "in": clean["records"] + quarantined,
        "kept": clean["kept"],
        "quarantined": quarantined,
        "cells": clean["cells"],
    }


APPLY = {Layout.BLOCKS: _apply_records, Layout.PARTS: _apply_documents}
