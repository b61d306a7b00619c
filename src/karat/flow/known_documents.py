"""New documents beside those that a run has kept: which of them it has already."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from karat.clean.duplicate_pairs import bands_for
from karat.clean.near_index import NearIndex
from karat.clean.signatures import Signatures, sign
from karat.core.block import ROW
from karat.flow.document_duplicates import ROW as PLACE
from karat.flow.document_duplicates import SIGNATURES
from karat.flow.document_verdicts import Verdicts
from karat.flow.part_store import Parts, mended_texts
from karat.quality.consistency.known_texts import KnownTexts

BATCH = 16_384  # cost: documents in memory at a time


@dataclass(frozen=True)
class KnownDocuments:
    """The documents that another run has kept.

    Parameters
    ----------
    run : Path
        Its folder.
    threshold : float
        Least Jaccard of a document with the one beside which it goes, in (0, 1].
    parts : Parts
        The new documents, signed.
    text : str
        The column that holds the documents, here and there.
    """

    run: Path
    threshold: float
    parts: Parts
    text: str

    def drop_known(self, verdicts: Verdicts) -> None:
        """Drop the new documents that are like one of the run, whose number there becomes the keeper."""
        folder = self.parts.part_store.path / "known"
        shutil.rmtree(folder, ignore_errors=True)
        index = NearIndex(folder, self.threshold)
        file = pq.ParquetFile(self.run / "data.parquet")
        for at, batch in enumerate(file.iter_batches(BATCH, columns=[ROW, self.text])):
            texts = batch.column(1).cast(pa.large_string())
            signatures = sign(texts, *bands_for(self.threshold), 1)
            index.keep(signatures, texts, f"{at:06d}", batch.column(0).to_numpy())
        for _, rows, signatures, texts in kept_documents(self.parts, self.text, verdicts):
            known = index.known(signatures, texts, before="a")  # after every number
            step = KnownTexts.code(), KnownTexts.limit_name
            alike = rows[known["row"].to_numpy()], known["jaccard"].to_numpy()
            verdicts.drop(step, *alike, self.threshold, known["keeper"].to_numpy())
        shutil.rmtree(folder, ignore_errors=True)


def kept_documents(
    parts: Parts, text: str, verdicts: Verdicts
) -> Iterator[tuple[int, np.ndarray, Signatures, pa.Array]]:
    """Of each part: its number, and rows, signatures and texts of the documents that are kept so far."""
    for at, place in enumerate(parts.places):
        signed = pq.read_table(place / SIGNATURES)
        rows = signed[PLACE].to_numpy() + parts.first_rows[at]
        stays = verdicts.kept[rows]
        if not stays.any():
            continue
        signatures = Signatures.from_table(signed.filter(pa.array(stays)))
        local = pa.array(rows[stays] - parts.first_rows[at])
        yield at, rows[stays], signatures, mended_texts(place, text).take(local)
