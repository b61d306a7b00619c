"""What cleaning a corpus was worth to a language model: the proof, on a sample of the documents before and after."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.block import ROW
from karat.core.errors import InputError
from karat.flow.corpus.refined import Refined
from karat.flow.folder import write_json
from karat.flow.proving import evaluated_in_words, stated
from karat.flow.run_state import Walk

SAMPLE_BYTES = 64 << 20  # some twenty times what an arm of the proof reads (lift/text_proof.py), so that all are full
FEWEST = 20  # documents that the proof asks for (lift/text_arms.py)
Texts = tuple[pa.Array, np.ndarray]  # texts without blanks, and the numbers of their documents


def prove(on: Walk, refiner: Refined, size_bytes: int) -> None:
    """The certificate, in ``lift.json``; or one line that says why there is none."""
    summary = on.enter("evaluate", lambda place: _proved(on, refiner, size_bytes, place), _in_words)
    if "closed" in summary:
        del on.rooms["evaluate"]


def _in_words(summary: Mapping[str, Any]) -> str:
    return f"no proof: {summary['closed']}" if "closed" in summary else evaluated_in_words(summary)


def _proved(on: Walk, refiner: Refined, size_bytes: int, place: Path) -> Mapping[str, Any]:
    assert on.job.proof is not None
    if not pq.read_metadata(on.place("clean") / "ledger.parquet").num_rows:
        return {"closed": "nothing was changed"}
    before, after = _sampled(on, refiner, size_bytes)
    fewest = min(len(before[1]), len(after[1]))
    if fewest < FEWEST:
        return {"closed": f"it needs {FEWEST} documents, and {fewest} are left"}
    ledger = pq.read_table(on.place("clean") / "ledger.parquet", columns=["row", "keeper"])
    ledger = ledger.filter(pc.and_(pc.is_valid(ledger["keeper"]), pc.is_valid(ledger["row"])))
    alike = np.stack([ledger["row"].to_numpy(), ledger["keeper"].to_numpy()], axis=1).astype(np.int64)
    try:
        made = on.job.proof.prove_texts(before, after, alike[np.isin(alike, before[1]).all(axis=1)], on.job)
    except InputError as error:
        return {"closed": str(error)}
    run = on.folder.path
    again = f"karat lift {run}@1 {run}@2" if on.job.settings.store.versions else ""
    certificate = replace(made, inputs={"data": str(on.job.data)}, rerun=again).to_json()
    write_json(place / "lift.json", certificate)
    return stated(certificate)


def _sampled(on: Walk, refiner: Refined, size_bytes: int) -> tuple[Texts, Texts]:
    """Documents as they came and as refined, drawn by chance where there are many: memory stays bounded."""
    share = min(1.0, SAMPLE_BYTES / max(size_bytes, 1))
    chosen = np.random.default_rng([on.job.settings.seed, 2]).random(refiner.parts.documents) < share
    kept = np.zeros(refiner.parts.documents, bool)
    kept[pq.read_table(on.place("clean") / "data.parquet", columns=[ROW])[ROW].to_numpy()] = True
    before, after = _Drawn(), _Drawn()
    for at in range(len(refiner.parts)):
        part = refiner.part(at)
        rows = part.block.rows
        before.add(part.block.table.column(refiner.text), rows, chosen[rows])
        after.add(part.table.column(refiner.text), rows, chosen[rows] & kept[rows])
        on.job.listener.tick(at + 1, len(refiner.parts))
    return before.texts(), after.texts()


class _Drawn:
    """Documents as they are drawn, part by part."""

    def __init__(self) -> None:
        self.parts: list[pa.Array] = [pa.array([], pa.large_string())]
        self.rows: list[np.ndarray] = [np.zeros(0, np.int64)]

    def add(self, texts: pa.ChunkedArray, rows: np.ndarray, wanted: np.ndarray) -> None:
        """Those that are wanted and hold something."""
        filled = np.asarray(pc.fill_null(pc.greater(pc.binary_length(texts), 0), fill_value=False))
        mask = wanted & filled
        self.parts.append(texts.filter(pa.array(mask)).cast(pa.large_string()).combine_chunks())
        self.rows.append(rows[mask])

    def texts(self) -> Texts:
        """All of them."""
        return pa.concat_arrays(self.parts), np.concatenate(self.rows)
