"""Originals of what was masked in a corpus: into the vault when it is read, out of it when a version is restored."""

import hashlib
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from karat.clean.mask_personal_data import WAYS, mask
from karat.flow.grouped_parquet import GroupedParquet
from karat.flow.masking import unmasked
from karat.flow.part_store import Parts
from karat.flow.text_edits import BESIDE, hash_key
from karat.store.vault import ORIGINALS
from karat.store.vault_key import decrypting, encrypting

FILE = "originals.parquet"
BATCH = 4_096  # cost: records in memory at a time


def fill(run: Path, parts: Parts) -> None:
    """Move the originals of all parts into the vault; what is there already stays once."""
    if not any(True for _ in parts.originals()):
        return
    vault = run / "vault"
    vault.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen: set[bytes] = set()
    mask = os.umask(0o077)
    try:
        with GroupedParquet(vault / FILE, ORIGINALS, "original", **encrypting()) as out:
            if (vault / FILE).exists():
                with decrypting(vault / FILE) as how:
                    for batch in pq.ParquetFile(vault / FILE, **how).iter_batches(BATCH):
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


def back(table: pa.Table, rows: np.ndarray, run: Path, text: str, how: str) -> pa.Table:
    """Documents with the originals that stand in the vault; others, or after they were forgotten, as they are.

    Parameters
    ----------
    table : pyarrow.Table
        Columns of text.
    rows : ndarray of int64, shape (n,)
        Numbers of the documents, rising.
    run : Path
        The run folder.
    text : str
        The column that holds the documents.
    how : str
        How they were masked: an original goes only where masking it gives what stands there.
    """
    if how not in WAYS:
        return table
    key = hash_key() if how == "hash" else b""

    def sign(name: str, values: pa.Array) -> pa.Array:
        return mask(values, how, key=key, entities=() if name == text else BESIDE).texts

    return unmasked(table, rows, run / "vault", sign)
