"""Originals of what was masked in a corpus: into the vault when it is read, out of it when a version is restored."""

import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.block import ROW
from karat.flow.corpus.shelf import Parts
from karat.flow.corpus.writing import GroupedParquet
from karat.store.vault import ORIGINALS

FILE = "originals.parquet"
BATCH = 4_096


def fill(run: Path, parts: Parts) -> None:
    """Move the originals of all parts into the vault; what is there already stays once."""
    if not any(True for _ in parts.originals()):
        return
    vault = run / "vault"
    vault.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen: set[bytes] = set()
    mask = os.umask(0o077)
    try:
        with GroupedParquet(vault / FILE, ORIGINALS, "original") as out:
            if (vault / FILE).exists():
                for batch in pq.ParquetFile(vault / FILE).iter_batches(BATCH):
                    out.write(_new(pa.Table.from_batches([batch]).select(ORIGINALS.names), seen))
            for table in parts.originals():
                out.write(_new(table.cast(ORIGINALS), seen))
    finally:
        os.umask(mask)
    parts.forget_originals()


def _new(table: pa.Table, seen: set[bytes]) -> pa.Table:
    keep = []
    for row, column, original in zip(*(table[name].to_pylist() for name in ORIGINALS.names), strict=True):
        mark = hashlib.blake2b(f"{row}\0{column}\0{original}".encode(), digest_size=12).digest()
        keep.append(mark not in seen)
        seen.add(mark)
    return table.filter(pa.array(keep, pa.bool_()))


class Unmasking:
    """Puts originals back into documents, chunk by chunk in the order of their numbers.

    Parameters
    ----------
    run : Path
        The run folder; without a vault, or after it was forgotten, documents stay masked.
    text : str
        The column that holds the documents.
    how : str
        How they were masked: an original goes only where masking it gives what stands there.
    """

    def __init__(self, run: Path, text: str, how: str) -> None:
        self.path, self.text, self.how = run / "vault" / FILE, text, how
        self.known = how in ("mask", "hash", "drop") and self.path.exists()

    def back(self, table: pa.Table) -> pa.Table:
        """A chunk with ``_row``, with the originals of its documents."""
        if not self.known or not table.num_rows:
            return table
        rows = table.column(ROW).to_numpy()
        held = pq.read_table(self.path, filters=[("row", ">=", int(rows[0])), ("row", "<=", int(rows[-1]))])
        for name in pc.unique(held["column"]).to_pylist():
            if name in table.column_names:
                table = self._column(table, rows, name, held.filter(pc.equal(held["column"], name)))
        return table

    def _column(self, table: pa.Table, rows: np.ndarray, name: str, held: pa.Table) -> pa.Table:
        at = np.searchsorted(rows, held["row"].to_numpy())
        at = np.minimum(at, len(rows) - 1)
        there = rows[at] == held["row"].to_numpy()
        at, originals = at[there], held["original"].combine_chunks().filter(pa.array(there))
        column = table.column(name).combine_chunks()
        fits = np.asarray(pc.fill_null(pc.equal(self._masked(originals, name), column.take(pa.array(at))), False))
        where = np.zeros(len(rows), bool)
        where[at[fits]] = True
        order = np.argsort(at[fits], kind="stable")
        values = originals.filter(pa.array(fits)).take(pa.array(order)).cast(column.type)
        filled = pc.replace_with_mask(column, pa.array(where), values)
        return table.set_column(table.schema.get_field_index(name), name, filled)

    def _masked(self, originals: pa.Array, name: str) -> Any:
        from karat.clean.mask_personal_data import mask
        from karat.flow.corpus.mending import BESIDE, hash_key

        key = hash_key() if self.how == "hash" else b""
        beside = () if name == self.text else BESIDE
        return mask(originals, self.how, key=key, entities=beside).texts
