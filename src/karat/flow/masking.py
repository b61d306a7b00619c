"""``--mask``: personal data of a table is taken out while it is read, before anything is written anywhere."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.collect.reading import Reading
from karat.core.finding import FINDINGS, Dimension, findings
from karat.core.patch import LEDGER, changes
from karat.store.vault import ORIGINALS

CODE = "MaskPersonalData"
HELD = "masked.parquet"
SEEN = pa.schema([("row", pa.int64()), ("column", pa.string()), ("entity", pa.string()), ("after", pa.string())])
Sign = Callable[[str, pa.Array], pa.Array]
SPEAKING = r"(?i)phone|mobile|\btel|fax|cell|电话|手机|联系|passport|护照"


@dataclass
class Masking:
    """Masks the batches of a reading and keeps account of what was masked.

    Parameters
    ----------
    first : int
        Number of the first record.
    originals, seen : list of pyarrow.Table
        Cells as they were, for the vault; and what stands in their place, for the ledger.
    """

    first: int = 0
    originals: list[pa.Table] = field(default_factory=lambda: [ORIGINALS.empty_table()])
    seen: list[pa.Table] = field(default_factory=lambda: [SEEN.empty_table()])

    def reading(self, reading: Reading) -> Reading:
        """The same records without personal data."""

        def pull() -> Iterator[pa.RecordBatch]:
            first = self.first
            for batch in reading.batches():
                columns = [
                    self._column(name, column, first)
                    for name, column in zip(batch.schema.names, batch.columns, strict=True)
                ]
                yield pa.RecordBatch.from_arrays(columns, schema=batch.schema)
                first += batch.num_rows

        return replace(reading, pull=pull)

    def _column(self, name: str, column: pa.Array, first: int) -> pa.Array:
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            return column
        coded = pc.dictionary_encode(column)
        values = coded.dictionary
        masks, texts = signed(name, values)
        if not masks.changed.any():
            return column
        codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
        rows = np.flatnonzero((codes >= 0) & masks.changed[np.maximum(codes, 0)])
        kinds = dict(zip(masks.spans["row"].to_pylist(), masks.spans["entity"].to_pylist(), strict=True))
        masked = texts.take(coded.indices).cast(column.type)
        place, names = pa.array(first + rows), pa.repeat(pa.scalar(name), len(rows))
        self.originals.append(pa.table([place, names, column.take(pa.array(rows)).cast(pa.string())], schema=ORIGINALS))
        entities = pa.array([kinds[code] for code in codes[rows].tolist()], pa.string())
        after = masked.take(pa.array(rows)).cast(pa.string())
        self.seen.append(pa.table([place, names, entities, after], schema=SEEN))
        return masked

    def keep(self, vault: Path) -> pa.Table:
        """Put the originals into the vault; what stands in their place."""
        from karat.store.vault import Vault

        originals = pa.concat_tables(self.originals)
        if originals.num_rows:
            Vault(vault).keep(originals)
        return pa.concat_tables(self.seen)


def signed(name: str, values: pa.Array) -> tuple[Any, pa.Array]:
    """What masking the values of a column gives: all about it, and the masked texts."""
    from karat.clean.mask_personal_data import mask
    from karat.quality.confidentiality.labels import labels_a_thing

    # a column that is called a telephone, or a version, says of its digits what they are; the latter of bare ones only
    label = f"{name}: "
    if pc.match_substring_regex(name, SPEAKING).as_py():
        labelled = pc.is_valid(values)
    elif labels_a_thing(label, len(label)):
        labelled = pc.invert(pc.match_substring_regex(values, r"[\p{L}@]"))
    else:
        masks = mask(values)
        return masks, masks.texts
    labelled_values = pc.if_else(
        labelled, pc.binary_join_element_wise(pa.scalar(label, values.type), values, ""), values
    )
    masks = mask(labelled_values)
    return masks, pc.if_else(labelled, pc.utf8_slice_codeunits(masks.texts, len(label)), masks.texts)


def unmasked(table: pa.Table, rows: np.ndarray, vault: Path, sign: Sign | None = None) -> pa.Table:
    """A masked table with its originals back, wherever the sign that stands there is that of the original.

    Parameters
    ----------
    table : pyarrow.Table
        Columns of text, one row a record.
    rows : ndarray of int64, shape (n,)
        Numbers of the records, rising.
    vault : Path
        Without originals, or after they were forgotten, the table stays as it is.
    sign : callable or None
        What masking makes of values of a column; None: as ``--mask`` masks the cells of a table.
    """
    from karat.store.vault import Vault

    vaulted = Vault(vault).originals((int(rows[0]), int(rows[-1])) if len(rows) else None)
    for name in sorted(set(vaulted["column"].to_pylist()) & set(table.column_names)):
        mine = vaulted.filter(pc.equal(vaulted["column"], name))
        at = np.searchsorted(rows, mine["row"].to_numpy())
        there = (at < len(rows)) & (rows[np.minimum(at, len(rows) - 1)] == mine["row"].to_numpy())
        at, originals = at[there], mine["original"].combine_chunks().filter(pa.array(there))
        column = table.column(name).combine_chunks().cast(pa.string())
        masked = signed(name, originals)[1] if sign is None else sign(name, originals)
        same = pc.equal(masked.cast(pa.string()), column.take(pa.array(at)))
        fits = np.asarray(pc.fill_null(same, fill_value=False))
        # of several originals of a cell, the one that was met last stays
        last = dict(zip(at[fits].tolist(), np.flatnonzero(fits).tolist(), strict=True))
        where = np.zeros(len(rows), bool)
        where[list(last)] = True
        values = originals.take(pa.array([last[place] for place in sorted(last)], pa.int64()))
        filled = pc.replace_with_mask(column, pa.array(where), values).cast(table.schema.field(name).type)
        table = table.set_column(table.schema.get_field_index(name), name, filled)
    return table


def without_personal_data(quarantined: pa.Table) -> pa.Table:
    """Entries of the quarantine, masked: what could not be read may hold what is masked elsewhere."""
    from karat.clean.mask_personal_data import mask

    raw = [data.decode("utf-8", "replace") for data in quarantined["raw"].to_pylist()]
    masks = mask(pa.array(raw, pa.string()))
    if not masks.changed.any():
        return quarantined
    plain = pc.if_else(pa.array(masks.changed), masks.texts.cast(pa.binary()), quarantined["raw"].combine_chunks())
    return quarantined.set_column(quarantined.schema.get_field_index("raw"), "raw", plain)


def recorded(collected: Path, cleaned: Path) -> Mapping[str, int]:
    """Add what was masked to the ledger and the findings of a run; how many cells, by kind."""
    path = collected / HELD
    if not path.exists():
        return {}
    from karat.flow.folder import write_table

    seen = pq.read_table(path, schema=SEEN)
    for name, more, schema in (("ledger", ledger_of(seen), LEDGER), ("findings", findings_of(seen), FINDINGS)):
        old = pq.read_table(cleaned / f"{name}.parquet", schema=schema)
        write_table(cleaned / f"{name}.parquet", pa.concat_tables([old, more.cast(schema)]))
    counts = seen.group_by("entity", use_threads=False).aggregate([("row", "count")]).to_pylist()
    return {entry["entity"]: entry["row_count"] for entry in sorted(counts, key=lambda entry: str(entry["entity"]))}


def ledger_of(seen: pa.Table) -> pa.Table:
    """An entry per masked cell; the original stands in none."""
    return changes(
        seen.num_rows,
        row=seen["row"],
        column=seen["column"],
        action="edit",
        before=seen["after"],
        after=seen["after"],
        check=CODE,
        confidence=1.0,
    )


def findings_of(seen: pa.Table) -> pa.Table:
    """One finding per column and kind."""
    grouped = seen.group_by(["column", "entity"], use_threads=False).aggregate([("after", "min"), ("row", "count")])
    rows = sorted(grouped.to_pylist(), key=lambda entry: (entry["column"], entry["entity"]))
    return findings(
        "PersonalData",
        Dimension.CONFIDENTIALITY,
        len(rows),
        column=[entry["column"] for entry in rows],
        value=[entry["after_min"] for entry in rows],
        confidence=1.0,
        message=[f"{entry['row_count']} cells held {entry['entity']} and were masked" for entry in rows],
    )
