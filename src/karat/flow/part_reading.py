"""What is done to one part of a corpus, with nothing known of the others: read, repair, judge, identify, mask, sign."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from karat.collect.document_columns import types_of
from karat.collect.piece import Part
from karat.collect.piece_reader import stream
from karat.flow import document_duplicates
from karat.flow.document_facts import measure
from karat.flow.folder import write_json, write_table
from karat.flow.masking import without_personal_data
from karat.flow.part_store import DOCUMENTS, EDITS, FACTS, ORIGINALS, QUARANTINE, REFINED, SUMMARY, PartStore, Plan
from karat.store.vault_key import encrypting

PART_BYTES = 32 << 20  # cost: of a part in memory; a worker holds one
LZ4 = pa.ipc.IpcWriteOptions(compression="lz4")


@dataclass(frozen=True)
class PartReader:
    """Where orders are carried out."""

    part_store: PartStore
    plan: Plan

    def do(self, order: Mapping[str, Any]) -> None:
        """Carry out one order: ``{"read": piece}`` or ``{"sign": part's folder, "rows": […]}``."""
        if "read" in order:
            self._read(order["read"])
        else:
            document_duplicates.sign_part(self.part_store.path / order["sign"], self.plan, order["rows"])

    def _read(self, piece: int) -> None:
        count = 0
        for part in stream(self.plan.pieces[piece], PART_BYTES):
            if part.table.num_rows or part.quarantine.num_rows or part.passed:
                self.part_store.put(piece, count, lambda place, part=part: self._fill(place, part))  # type: ignore[misc]
                count += 1
        self.part_store.finish(piece, count)

    def _fill(self, place: Path, part: Part) -> None:
        measured = measure(part.table, self.plan)
        table = measured.table.append_column(REFINED, measured.refined)
        with pa.OSFile(str(place / DOCUMENTS), "wb") as file, pa.ipc.new_file(file, table.schema, options=LZ4) as out:
            out.write_table(table.combine_chunks())
        write_table(place / FACTS, measured.facts)
        write_table(place / EDITS, measured.edits)
        if part.quarantine.num_rows:
            keep = self.plan.how["personal_data"] == "keep"
            write_table(place / QUARANTINE, part.quarantine if keep else without_personal_data(part.quarantine))
        if measured.originals.num_rows:
            write_table(place / ORIGINALS, measured.originals, **encrypting())
        summary = {
            "documents": table.num_rows,
            "quarantined": part.quarantine.num_rows,
            "columns": part.table.column_names,
            "types": types_of(part.table, self.plan.text),
            "passed": dict(part.passed),
        }
        write_json(place / SUMMARY, summary)
