"""Documents that stand in the corpus twice: equal, or so alike that their shingles overlap beyond the limit.

Every document that goes stands beside one that is kept and that it was itself compared with.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.flow.document_verdicts import Verdicts
from karat.flow.folder import is_unaltered, write_table
from karat.flow.part_store import Parts, Plan, mended_texts
from karat.quality.consistency.duplicate_texts import DuplicateTexts
from karat.quality.consistency.near_duplicate_texts import NearDuplicateTexts

Tick = Callable[[int, int], None]
HELD_SIGNATURES = 100_000  # cost: some 350 bytes each; of more documents they lie in files


@dataclass(frozen=True)
class DocumentDuplicates:
    """The search, over the signatures in the part store.

    Parameters
    ----------
    text : str
        The column that holds the documents.
    verdicts : Verdicts
        Only documents that are still kept are compared; what is found is written here.
    """

    parts: Parts
    text: str
    verdicts: Verdicts
    workers: int

    def find(self, threshold: float, *, exact: bool = True) -> None:
        """Drop later documents that equal an earlier one, or are alike from ``threshold`` on (0: equal ones alone)."""
        rows = self._rows()
        if exact:
            self._equal(rows)
        if threshold > 0:
            self._alike(rows, threshold)

    def _rows(self) -> np.ndarray:
        """Numbers of the documents that are signed, part by part."""
        firsts = self.parts.first_rows[:-1]
        rows = [self._column(at, [ROW])[0] + first for at, first in enumerate(firsts)]
        return np.concatenate([np.empty(0, np.int64), *rows])

    def _column(self, at: int, names: Sequence[str]) -> list[np.ndarray]:
        table = pq.read_table(self.parts.places[at] / SIGNATURES, columns=list(names))
        return [table[name].to_numpy() for name in names]

    def _all(self, *names: str) -> list[np.ndarray]:
        read = [self._column(at, names) for at in range(len(self.parts))]
        return [np.concatenate([np.empty(0, np.int64), *column]) for column in zip(*read, strict=True)]

    def _equal(self, rows: np.ndarray) -> None:
        """Drop what equals an earlier document byte for byte."""
        left, right = self._all("exact_0", "exact_1")
        open_ones = np.flatnonzero(self.verdicts.kept[rows])
        order = open_ones[np.lexsort((rows[open_ones], right[open_ones], left[open_ones]))]
        new = np.ones(len(order), bool)
        new[1:] = (left[order][1:] != left[order][:-1]) | (right[order][1:] != right[order][:-1])
        keeper = np.repeat(rows[order][new], np.diff([*np.flatnonzero(new), len(order)]))
        gone = np.flatnonzero(~new)
        gone = gone[np.argsort(rows[order][gone])]
        self.verdicts.drop((DuplicateTexts.code(), ""), rows[order][gone], 1.0, 1.0, keeper[gone])

    def _alike(self, rows: np.ndarray, threshold: float) -> None:
        from karat.clean.duplicates_in_text import duplicates
        from karat.clean.memory_mapped_arrays import Scratch
        from karat.clean.signatures import Signatures

        hopeful = self._hopeful(self.verdicts.kept[rows])
        if not len(hopeful):
            return
        wanted = np.zeros(len(rows), bool)
        wanted[hopeful] = True
        scratch = Scratch(self.parts.part_store.path if len(hopeful) > HELD_SIGNATURES else None)
        signatures = Signatures.filled(self._signatures(wanted), len(hopeful), scratch)
        chosen = rows[hopeful]
        copies = duplicates(
            signatures, lambda at: self.texts(chosen[at]), threshold, workers=self.workers, scratch=scratch
        )
        gone, keeper = chosen[copies["row"].to_numpy()], chosen[copies["keeper"].to_numpy()]
        self.verdicts.drop(
            (NearDuplicateTexts.code(), NearDuplicateTexts.limit_name),
            gone,
            copies["jaccard"].to_numpy(),
            threshold,
            keeper,
        )

    def _hopeful(self, open_ones: np.ndarray) -> np.ndarray:
        """Positions that share a band, or the hash of all their words, with another; the rest is never loaded."""
        first = self.parts.places[0] / SIGNATURES
        bands = [name for name in pq.read_schema(first).names if name.startswith("band_")]
        shared = np.zeros(len(open_ones), bool)
        at = np.flatnonzero(open_ones)
        for name in ("folded_0", *bands):
            keys = self._all(name)[0][at]
            order = np.argsort(keys, kind="stable")
            same = keys[order][1:] == keys[order][:-1]
            hit = np.zeros(len(at), bool)
            hit[order[1:][same]] = True
            hit[order[:-1][same]] = True
            shared[at[hit]] = True
        return np.flatnonzero(shared)

    def _signatures(self, wanted: np.ndarray) -> Iterator[pa.Table]:
        """Signatures of the documents that are wanted, part by part."""
        begin = 0
        for place in self.parts.places:
            signed = pq.read_table(place / SIGNATURES)
            yield signed.filter(pa.array(wanted[begin : begin + signed.num_rows]))
            begin += signed.num_rows

    def texts(self, rows: np.ndarray) -> Any:
        """Documents by their numbers, as mended, in the order asked for; each part is read once."""
        order = np.argsort(rows, kind="stable")
        part = np.searchsorted(self.parts.first_rows, rows[order], side="right") - 1
        taken = []
        for at in np.unique(part):
            local = rows[order][part == at] - self.parts.first_rows[at]
            taken.append(mended_texts(self.parts.places[at], self.text).take(pa.array(local)).cast(pa.large_string()))
        whole = pa.concat_arrays(taken) if taken else pa.array([], pa.large_string())
        if (order == np.arange(len(order))).all():
            return whole
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        return whole.take(pa.array(back))


SIGNATURES = "signatures.parquet"
ROW = "row"


def sign_part(place: Path, plan: Plan, wanted: Sequence[int]) -> None:
    """Sign the documents of a part that are wanted and not signed yet.

    Parameters
    ----------
    place : Path
        The part's folder.
    wanted : sequence of int
        Documents, counted within the part, rising.
    """
    from karat.clean.duplicate_pairs import bands_for
    from karat.clean.signatures import sign

    path = place / SIGNATURES
    signed = pq.read_table(path) if is_unaltered(path) else None
    rows = np.array(wanted, np.int64)
    if signed is not None:
        rows = np.setdiff1d(rows, signed[ROW].to_numpy(), assume_unique=True)
    if signed is not None and not len(rows):
        return
    texts = mended_texts(place, plan.text).take(pa.array(rows))
    bands, each = bands_for(plan.how["near_duplicates"] or 1.0)
    fresh = sign(pc.cast(texts, pa.large_string()), bands, each, workers=1).to_table(rows)
    table = fresh if signed is None else pa.concat_tables([signed, fresh]).sort_by(ROW)
    write_table(path, table, noted=True)
