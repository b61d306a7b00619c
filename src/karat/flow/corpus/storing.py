"""Every state of a corpus as a version, a chunk at a time."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.block import ROW
from karat.core.patch import apply, no_changes
from karat.core.schema import Role, Schema
from karat.flow.corpus.refined import Refined
from karat.flow.corpus.vaulting import Unmasking
from karat.flow.corpus.writing import Cutter, GroupedParquet
from karat.flow.job import code_version
from karat.flow.run_state import Walk
from karat.flow.typed import typed, typed_empty
from karat.store.append import Growing, stream
from karat.store.versions import Store

MENDED, KEPT = "\x00mended", "\x00kept"


def commit(on: Walk, refiner: Refined) -> Mapping[str, Any]:
    """Write the documents as they came and as refined; the same content is the same version."""
    parts, text = refiner.parts, refiner.text
    if not on.job.settings.store.versions:
        return {"raw": None, "refined": None}
    store = Store(on.folder.path / "store")
    kept = pq.read_table(on.folder.work / "clean" / "data.parquet", columns=[ROW])[ROW].to_numpy()
    schema = pa.schema([(name, pa.string()) for name in parts.columns])
    raw, refined = Growing(store, schema), Growing(store, schema)
    refined.share(raw)
    cutter, own = Cutter(text), [no_changes()]
    with ThreadPoolExecutor(1) as aside:
        for at, table in enumerate(_numbered(refiner, kept, own)):
            for chunk in cutter.add(table):
                _add(chunk, text, raw, refined, pa.concat_tables(own), aside)
            on.job.listener.tick(at + 1, len(parts))
        for chunk in cutter.rest():
            _add(chunk, text, raw, refined, pa.concat_tables(own), aside)
    clean = on.job.settings.clean
    told = {"code": code_version(), "fingerprint": on.folder.fingerprint, "personal_data": clean.personal_data}
    first = raw.finish(parent=None, label="raw", meta=told)
    changed = sorted(set(on.rooms["clean"]["removed"]))
    second = refined.finish(parent=first, label="refined", meta={**told, "changed_by": changed})
    return {"raw": first, "refined": second}


def _numbered(refiner: Refined, kept: np.ndarray, own: list[pa.Table]) -> Iterator[pa.Table]:
    """Part by part the documents as they came, with the refined text beside; what people wrote is added to ``own``."""
    for at in range(len(refiner.parts)):
        part = refiner.part(at)
        rows = part.block.rows
        stays = pa.array(np.isin(rows, kept, assume_unique=True))
        table = part.block.table.add_column(0, ROW, pa.array(rows, pa.int64()))
        own.append(part.own.filter(pc.equal(part.own["action"], "set")))
        yield table.append_column(MENDED, part.table.column(refiner.text)).append_column(KEPT, stays)


def _add(chunk: pa.Table, text: str, raw: Growing, refined: Growing, own: pa.Table, aside: Executor) -> None:
    """One chunk of both versions; side by side, unless it is the same and the second only has to find the first."""
    plain = chunk.drop_columns([MENDED, KEPT])
    mended = plain.set_column(plain.schema.get_field_index(text), text, chunk.column(MENDED))
    mended = apply(mended, chunk.column(ROW).to_numpy(), own)[0]
    mended = mended.filter(chunk.column(KEPT))
    if mended.equals(plain):
        raw.add(plain)
        refined.add(mended)
        return
    other = aside.submit(refined.add, mended)
    raw.add(plain)
    other.result()


def text_of(schema: Schema) -> str:
    """The column that holds the documents."""
    return schema.with_role(Role.TEXT)[0].name


def in_words(summary: Mapping[str, Any]) -> str:
    """The room's line of the summary."""
    from karat.flow import versions

    return versions.in_words(summary)


def write_version(run: Path, version: int, schema: Schema) -> None:
    """Write a version's documents to ``data.parquet``, a chunk at a time; raw ones as they came."""
    store = Store(run / "store")
    about = {held.number: held for held in store.log()}
    origin = about[version]
    while "restored" in origin.meta:
        origin = about[origin.meta["restored"]]
    how = origin.meta.get("personal_data", "keep") if origin.label == "raw" else "keep"
    unmasking = Unmasking(run, text_of(schema), how)
    with GroupedParquet(run / "data.parquet", typed_empty(schema), text_of(schema)) as data:
        for masked in stream(store, version):
            table = unmasking.back(masked)
            data.write(typed(table.drop_columns([ROW]), table.column(ROW).to_numpy(), schema))
