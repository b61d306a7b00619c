"""Room 4: every state of the data becomes a version; lineage and description go beside it."""

from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat import kinds
from karat.core.block import ROW
from karat.core.schema import Role, Schema
from karat.flow import originals
from karat.flow.cleaning import refined_data
from karat.flow.dataset import ROW_AT, Dataset
from karat.flow.folder import read_json, write_json
from karat.flow.grouped_parquet import Cutter, GroupedParquet
from karat.flow.job import code_version
from karat.flow.journal import APPENDED, Change, locked, require_unaltered_store
from karat.flow.masking import unmasked
from karat.flow.parameters import treatment
from karat.flow.refined_documents import RefinedDocuments
from karat.flow.run_state import LINEAGE, Walk
from karat.flow.store_digests import CHANGING, WRITTEN, store_digests
from karat.flow.typed import typed, typed_empty, write_data
from karat.kinds import Layout
from karat.store.append import Growing, stream
from karat.store.versions import HEAD, Store

MENDED, KEPT, CHANGED = "\x00mended ", "\x00kept", "\x00changed"


def stored(data: Dataset) -> tuple[pa.Table, np.ndarray]:
    """All records as one (memory-mapped) table, and their numbers."""
    if data.path is None:
        whole = data.whole()
        return whole.table, whole.rows
    table = pa.ipc.open_file(pa.memory_map(str(data.path))).read_all()
    return table.remove_column(ROW_AT), table.column(ROW_AT).to_numpy()


def commit(on: Walk, data: Dataset | RefinedDocuments, place: Path) -> Mapping[str, Any]:
    """Write the raw and the refined records as versions; the same content is the same version.

    Their names come to stand for them when the run is published. ``place`` gets the digests of the store.
    """
    wants, said = on.job.settings, on.rooms["clean"]
    if not wants.store.versions:
        write_json(place / WRITTEN, {})
        return {"raw": None, "refined": None}
    require_unaltered_store(on.folder.path)
    how = treatment(wants) if isinstance(data, RefinedDocuments) else "mask" if wants.clean.mask else ""
    meta = {"code": code_version(), "fingerprint": on.folder.fingerprint} | ({"personal_data": how} if how else {})
    changed = {"changed_by": sorted(set(said["removed"]) | ({"cells"} if said["cells"] else set()))}
    store = Store(on.folder.path / "store")
    if isinstance(data, RefinedDocuments):
        before, after = _grown(on, data, store)
        raw = before.finish(parent=None, label="raw", meta=meta, point=False)
        mended = after.finish(parent=raw, label="refined", meta=meta | changed, point=False)
    else:
        raw = store.commit(*stored(data), parent=None, label="raw", meta=meta, point=False)
        refined = stored(refined_data(on.place("clean"), data))
        mended = store.commit(*refined, parent=raw, label="refined", meta=meta | changed, point=False)
    written = store_digests(store.path, {})
    write_json(place / WRITTEN, {name: known for name, known in written.items() if name != CHANGING})
    return {"raw": raw, "refined": mended}


def _grown(on: Walk, documents: RefinedDocuments, store: Any) -> tuple[Growing, Growing]:
    """The documents as they came and as refined, written a chunk at a time."""
    schema = pa.schema([(name, pa.string()) for name in documents.parts.columns])
    raw, refined = Growing(store, schema), Growing(store, schema)
    refined.share(raw)
    cutter = Cutter(documents.text)
    with ThreadPoolExecutor(1) as aside:
        for at in range(len(documents.parts)):
            for chunk in cutter.add(_numbered(on, documents, at)):
                _add(chunk, raw, refined, aside)
                del chunk  # before the next one is put together
            on.job.listener.tick(at + 1, len(documents.parts))
        for chunk in cutter.rest():
            _add(chunk, raw, refined, aside)
    return raw, refined


def _numbered(on: Walk, documents: RefinedDocuments, at: int) -> pa.Table:
    """The documents of a part as they came; beside them what stays, and what stays and was changed, as refined."""
    block, refined, kept = documents.part(at, on.place("clean"))
    table = block.table.add_column(0, ROW, pa.array(block.rows, pa.int64()))
    differs = [_differs(block.table.column(name), refined.column(name)) for name in refined.column_names]
    changed = pa.array(kept & np.any(differs, axis=0))
    for name in refined.column_names:
        table = table.append_column(MENDED + name, pc.if_else(changed, refined.column(name), None))
    return table.append_column(KEPT, pa.array(kept)).append_column(CHANGED, changed)


def _differs(before: pa.ChunkedArray, after: pa.ChunkedArray) -> np.ndarray:
    """(n,) bool: which cells are others now."""
    one_null = pc.xor(before.is_null(), after.is_null())
    differs: np.ndarray = pc.coalesce(pc.not_equal(before, after), one_null).to_numpy()
    return differs


def _add(chunk: pa.Table, raw: Growing, refined: Growing, aside: Executor) -> None:
    """One chunk of both versions; side by side, unless it is the same and the second only has to find the first."""
    plain = chunk.select([name for name in chunk.column_names if not name.startswith("\x00")])
    if pc.all(chunk.column(KEPT)).as_py() and not pc.any(chunk.column(CHANGED)).as_py():
        raw.add(plain)
        refined.add(plain)
        return
    kept = chunk.filter(chunk.column(KEPT))
    cleaned = kept.select(plain.column_names)
    for at, name in enumerate(plain.column_names[1:], start=1):
        column = pc.if_else(kept.column(CHANGED), kept.column(MENDED + name), kept.column(name))
        cleaned = cleaned.set_column(at, name, column)
    del kept
    other = aside.submit(refined.add, cleaned)
    raw.add(plain)
    other.result()


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

    folder, change = on.folder.path, Change(on.folder.path)
    schema = Schema.from_json(read_json(folder / "schema.json"))
    sources = [str(source.get("path", on.job.name)) for source in on.rooms["collect"]["sources"]]
    lift = read_json(folder / "lift.json") if (folder / "lift.json").exists() else None
    if (folder / "data.parquet").exists():
        kept = on.rooms["clean"]["kept"]
        description = croissant.describe(folder, name=on.job.name, schema=schema, sources=sources, rows=kept, lift=lift)
        croissant.write(change.path("croissant.json"), description)
    ends = _ends(on, schema, sources)
    change.copy(LINEAGE)
    for room in on.rooms:
        run, job = lineage.run_id(on.folder.fingerprint, room), f"{on.job.name}.{room}"
        read, outputs = ends.get(room, ([], []))
        facets = lineage.lift_facet(lift) if room == "evaluate" and lift else {}
        start = lineage.event("START", run, job, read, at=f"{started}Z")
        done = lineage.event("COMPLETE", run, job, read, outputs, at=f"{started}Z", facets=facets)
        for event in (start, done):
            lineage.write_event(change.path(LINEAGE), event)
    change.commit()


def _ends(on: Walk, schema: Schema, sources: list[str]) -> dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """What each room read and made, as OpenLineage data sets."""
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


def _masked_how(store: Any, number: int) -> str:
    """How personal data was masked in a version that holds the records as they came; "" in any other."""
    about = {version.number: version for version in store.log()}
    origin = about[number]
    while "restored" in origin.meta:
        origin = about[origin.meta["restored"]]
    return str(origin.meta.get("personal_data", "")) if origin.label == "raw" else ""


def restored(run: Path, version: int | str) -> int:
    """Make a version of a run the newest again and write ``data.parquet`` from it; returns the new version's number.

    Where personal data was masked, the raw version comes back with what stands in the vault.
    """
    store, schema = Store(run / "store"), Schema.from_json(read_json(run / "schema.json"))
    with locked(run):
        require_unaltered_store(run)
        number = store.restore(version, point=False)
        change = Change(run)
        _write_version(run, store, number, schema, change.path("data.parquet"))
        change.remove(APPENDED)
        change.commit({HEAD: number})
    return number


def _write_version(run: Path, store: Store, number: int, schema: Schema, to: Path) -> None:
    how = _masked_how(store, number)
    WRITERS[kinds.of(schema.kind).layout](run, store, number, schema, to, how)


def _write_records(run: Path, store: Store, number: int, schema: Schema, to: Path, how: str) -> None:
    table, rows = store.read(number)
    table = unmasked(table, rows, run / "vault") if how == "mask" else table
    write_data(Dataset(schema, table=table, rows=rows), to)


def _write_documents(run: Path, store: Store, number: int, schema: Schema, to: Path, how: str) -> None:
    text = schema.with_role(Role.TEXT)[0].name
    with GroupedParquet(to, typed_empty(schema), text) as data:
        for chunk in stream(store, number):
            table, rows = chunk.drop_columns([ROW]), chunk.column(ROW).to_numpy()
            data.write(typed(originals.back(table, rows, run, text, how), rows, schema))


WRITERS = {Layout.BLOCKS: _write_records, Layout.PARTS: _write_documents}
