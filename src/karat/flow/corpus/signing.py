"""Signatures of the documents that are kept, part by part, each once for all decisions."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.flow.corpus.shelf import Plan, mended_texts
from karat.flow.folder import write_table

SIGNATURES = "signatures.parquet"
ROW = "row"


def sign_part(place: Path, plan: Plan, wanted: Sequence[int]) -> None:
    """Sign the documents of a part that are wanted and not signed yet.

    Parameters
    ----------
    place : Path
        The part's folder.
    plan : Plan
    wanted : sequence of int
        Documents, counted within the part, rising.
    """
    from karat.clean.duplicate_pairs import bands_for
    from karat.clean.signatures import sign

    path = place / SIGNATURES
    held = pq.read_table(path) if path.exists() else None
    rows = np.array(wanted, np.int64)
    if held is not None:
        rows = np.setdiff1d(rows, held[ROW].to_numpy(), assume_unique=True)
    if held is not None and not len(rows):
        return
    texts = mended_texts(place, plan.text).take(pa.array(rows))
    bands, each = bands_for(plan.how["near_duplicates"] or 1.0)
    made = sign(pc.cast(texts, pa.large_string()), bands, each, workers=1).to_table(rows)
    table = made if held is None else pa.concat_tables([held, made]).sort_by(ROW)
    write_table(path, table)
