"""Room 4: every state of the data becomes a version; lineage and description go beside it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat import kinds
from karat.core.schema import Schema
from karat.flow.cleaning import refined_data
from karat.flow.dataset import ROW_AT, Dataset
from karat.flow.folder import read_json
from karat.flow.job import code_version
from karat.flow.run_state import Walk


def stored(data: Dataset) -> tuple[pa.Table, np.ndarray]:
    """All records as one (memory-mapped) table, and their numbers."""
    if data.path is None:
        whole = data.whole()
        return whole.table, whole.rows
    table = pa.ipc.open_file(pa.memory_map(str(data.path))).read_all()
    return table.remove_column(ROW_AT), table.column(ROW_AT).to_numpy()


def commit(on: Walk, data: Dataset) -> Mapping[str, Any]:
    """Write the raw and the refined records as versions; the same content is the same version."""
    if not on.job.settings.store.versions:
        return {"raw": None, "refined": None}
    from karat.store.versions import Store

    store = Store(on.folder.path / "store")
    meta = {"code": code_version(), "fingerprint": on.folder.fingerprint}
    meta |= {"personal_data": "mask"} if on.job.settings.clean.mask else {}
    raw = store.commit(*stored(data), parent=None, label="raw", meta=meta)
    checks = sorted(
        set(on.rooms["clean"]["removed"]) | {"cells"}
        if on.rooms["clean"]["cells"]
        else set(on.rooms["clean"]["removed"])
    )
    refined = store.commit(
        *stored(refined_data(on.place("clean"), data)), parent=raw, label="refined", meta={**meta, "changed_by": checks}
    )
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
    lift = read_json(folder / "lift.json") if (folder / "lift.json").exists() else None
    if (folder / "data.parquet").exists():
        kept = on.rooms["clean"]["kept"]
        description = croissant.describe(folder, name=on.job.name, schema=schema, sources=sources, rows=kept, lift=lift)
        croissant.write(folder / "croissant.json", description)
    ends = _ends(on, schema, sources)
    for room in on.rooms:
        run, job = lineage.run_id(on.folder.fingerprint, room), f"{on.job.name}.{room}"
        read, outputs = ends.get(room, ([], []))
        facets = lineage.lift_facet(lift) if room == "evaluate" and lift else {}
        start = lineage.event("START", run, job, read, at=f"{started}Z")
        done = lineage.event("COMPLETE", run, job, read, outputs, at=f"{started}Z", facets=facets)
        for event in (start, done):
            lineage.write_event(folder / "lineage.jsonl", event)


def _ends(on: Walk, schema: Schema, sources: list[str]) -> dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """What each room read and made, as OpenLineage data sets."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from karat.store import lineage

    folder, stored = on.folder.path, on.rooms.get("store", {})
    raw = [lineage.source_set(source, schema=schema, version=str(stored.get("raw") or "")) for source in sources]
    findings = pq.read_table(folder / "findings.parquet", columns=["check", "column", "confidence"])
    judged = [lineage.source_set(source, schema=schema, assertions=lineage.assertions(findings)) for source in sources]
    ends: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {"collect": (raw, []), "clean": (judged, [])}
    data = folder / "data.parquet"
    if not data.is_file():
        return ends
    changed = pc.unique(pq.read_table(folder / "ledger.parquet", columns=["column"])["column"]).drop_null().to_pylist()
    version = str(stored.get("refined") or "")
    refined = lineage.source_set("data.parquet", schema=schema, version=version, metrics=lineage.stored_metrics(data))
    kept = lineage.result_set(
        "data.parquet",
        schema=schema,
        version=version,
        rows=on.rooms["clean"]["kept"],
        size=data.stat().st_size,
        made_from=sources[0] if sources else on.job.name,
        changed=changed,
    )
    files = {"prepare": "splits.parquet", "evaluate": "lift.json", "deploy": "model/model.onnx"}
    ends["clean"] = (judged, [kept])
    for room in set(on.rooms) - {"collect", "clean"}:
        path = folder / files[room] if room in files else None
        size = path.stat().st_size if path is not None and path.exists() else 0
        ends[room] = ([refined], [lineage.result_set(files[room], size=size)] if size else [])
    return ends


def _as_it_came(store: Any, number: int) -> Mapping[str, Any]:
    """What a version knows of itself where it holds the records as they came; nothing else."""
    about = {version.number: version for version in store.log()}
    origin = about[number]
    while "restored" in origin.meta:
        origin = about[origin.meta["restored"]]
    meta: Mapping[str, Any] = origin.meta
    return meta if origin.label == "raw" else {}


def restored(run: Path, version: int | str) -> int:
    """Make a version of a run the newest again and write ``data.parquet`` from it; returns the new version's number.

    Where personal data was masked, the raw version comes back with what stands in the vault.
    """
    from karat.flow.typed import write_data
    from karat.store.versions import Store

    store = Store(run / "store")
    number = store.restore(version)
    schema = Schema.from_json(read_json(run / "schema.json"))
    if kinds.of(schema.kind).in_parts:
        from karat.flow.corpus.storing import write_version

        write_version(run, number, schema)
        return number
    table, rows = store.read(number)
    if _as_it_came(store, number).get("personal_data") == "mask":
        from karat.flow.masking import unmasked

        table = unmasked(table, rows, run / "vault")
    write_data(Dataset(schema, table=table, rows=rows), run / "data.parquet")
    return number
