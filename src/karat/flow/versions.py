"""Room 4: every state of the data becomes a version; lineage and description go beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from karat.core.block import ROW
from karat.core.schema import Schema
from karat.flow.cleaning import refined_data
from karat.flow.dataset import Dataset
from karat.flow.folder import read_json
from karat.flow.job import code_version

if TYPE_CHECKING:
    from karat.flow.path import Walk


def stored(data: Dataset) -> tuple[pa.Table, np.ndarray]:
    """All records as one (memory-mapped) table, and their numbers."""
    if data.path is None:
        whole = data.whole()
        return whole.table, whole.rows
    table = pa.ipc.open_file(pa.memory_map(str(data.path))).read_all()
    return table.drop_columns([ROW]), table.column(ROW).to_numpy()


def commit(on: Walk, data: Dataset, place: Path) -> Mapping[str, Any]:
    """Write the raw and the refined records as versions; the same content is the same version."""
    if not on.job.settings.store.versions:
        return {"raw": None, "refined": None}
    from karat.store.versions import Store

    store = Store(on.folder.path / "store")
    told = {"code": code_version(), "fingerprint": on.folder.fingerprint}
    raw = store.commit(*stored(data), parent=None, label="raw", meta=told)
    checks = sorted(set(on.rooms["clean"]["removed"]) | {"cells"} if on.rooms["clean"]["cells"] else set(on.rooms["clean"]["removed"]))
    refined = store.commit(*stored(refined_data(on.place("clean"), data)), parent=raw, label="refined", meta={**told, "changed_by": checks})
    return {"raw": raw, "refined": refined}


def in_words(summary: Mapping[str, Any]) -> str:
    """The room's line of the summary."""
    if summary["raw"] is None:
        return "versions are off"
    if summary["raw"] == summary["refined"]:
        return f'version {summary["raw"]} "raw": nothing was changed'
    return f'version {summary["refined"]} "refined" ← {summary["raw"]} "raw"'


def describe(on: Walk, started: str) -> None:
    """Lineage events of every room, and the Croissant description of what was kept."""
    from karat.store import croissant, lineage

    folder = on.folder.path
    schema = Schema.from_json(read_json(folder / "schema.json"))
    sources = [str(source.get("path", on.job.name)) for source in on.rooms["collect"]["sources"]]
    read = [lineage.source_set(source, schema=schema) for source in sources]
    lift = read_json(folder / "lift.json") if (folder / "lift.json").exists() else None
    made: list[dict[str, Any]] = []
    if (folder / "data.parquet").exists():
        kept = on.rooms["clean"]["kept"]
        made = [lineage.result_set("data.parquet", schema=schema, rows=kept, made_from=sources[0] if sources else on.job.name)]
        description = croissant.describe(folder, name=on.job.name, schema=schema, sources=sources, rows=kept, lift=lift)
        croissant.write(folder / "croissant.json", description)
    for room in on.rooms:
        run = lineage.run_id(on.folder.fingerprint, room)
        job = f"{on.job.name}.{room}"
        facets = lineage.lift_facet(lift) if room == "evaluate" and lift else {}
        outputs = [] if room == "collect" else made
        for kind in ("START", "COMPLETE"):
            told = lineage.event(kind, run, job, read, outputs if kind == "COMPLETE" else [], at=f"{started}Z",
                                 facets=facets if kind == "COMPLETE" else {})
            lineage.write_event(folder / "lineage.jsonl", told)


def restored(run: Path, version: int | str) -> int:
    """Make a version of a run the newest again and write ``data.parquet`` from it; returns the new version's number."""
    from karat.flow.typed import write_data
    from karat.store.versions import Store

    store = Store(run / "store")
    number = store.restore(version)
    table, rows = store.read(number)
    schema = Schema.from_json(read_json(run / "schema.json"))
    write_data(Dataset(schema, table=table, rows=rows), run / "data.parquet")
    return number
