"""Room 4: every state of the data becomes a version; lineage and description go beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from karat.core.block import ROW
from karat.flow.cleaning import refined_data
from karat.flow.dataset import Dataset
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
