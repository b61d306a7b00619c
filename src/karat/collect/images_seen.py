"""Looks at every picture before it becomes a record: what cannot be read goes to quarantine with the reason."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from karat.collect.reading import Reading, quarantined
from karat.collect.typed import are_pictures

KEPT_BYTES = 1 << 20  # cost: of a broken picture that go to quarantine


def seen(reading: Reading, *, sure: bool = False) -> Reading:
    """The reading without the records whose picture cannot be read.

    Every picture is looked at once, and what was seen is kept for the checks: cut-off and broken ones, texts that bear
    a picture's name, and bombs that would not fit into memory are told apart.

    Parameters
    ----------
    sure : bool
        Its binary columns are known to hold pictures; else a look at the first cells decides.
    """
    names = [name for name in reading.names if reading.types.get(name) == "binary"]
    if not names:
        return reading
    quarantine = reading.quarantine

    def pull() -> Iterator[pa.RecordBatch]:
        is_picture: dict[str, bool] = dict.fromkeys(names, True) if sure else {}
        for batch in reading.batches():
            keep = np.ones(batch.num_rows, bool)
            for name in names:
                column = batch.column(batch.schema.get_field_index(name))
                if name not in is_picture and column.null_count < len(column):
                    is_picture[name] = are_pictures(column)
                if is_picture.get(name):
                    keep &= _readable(batch, column, quarantine, keep)
            yield batch if keep.all() else batch.filter(pa.array(keep))

    return replace(reading, pull=pull)


def _readable(batch: pa.RecordBatch, column: pa.Array, quarantine: list[dict[str, Any]], so_far: np.ndarray) -> Any:
    """(n,) bool; what cannot be read is put into quarantine, blank cells are left to the checks."""
    from karat.kernels.perceptual_hash import looked_at

    faults = [picture.fault for picture in looked_at(cell.as_py() for cell in column)]
    blank = np.asarray(column.is_null())
    broken = np.array([bool(fault) for fault in faults]) & ~blank
    path = batch.column(batch.schema.get_field_index("path")) if "path" in batch.schema.names else None
    for at in np.flatnonzero(broken & so_far).tolist():
        raw = column[at].as_py()
        source = (path[at].as_py() if path is not None else None) or "a picture without a path"
        entry = quarantined(source, faults[at], raw[:KEPT_BYTES])
        quarantine.append({**entry, "length": len(raw)})
    return ~broken
