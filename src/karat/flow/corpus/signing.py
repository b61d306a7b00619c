"""Signatures of the documents that the rules keep, part by part, each once for all decisions."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.flow.corpus import rules
from karat.flow.corpus.shelf import FACTS, Plan, mended_texts
from karat.flow.folder import write_table

SIGNATURES = "signatures.parquet"
ROW = "row"


def sign_part(place: Path, plan: Plan, limits: Mapping[str, float]) -> None:
    """Sign the documents of a part that the rules keep and that are not signed yet.

    Parameters
    ----------
    place : Path
        The part's folder.
    plan : Plan
    limits : mapping of str to float
        Other limits for rules, which decide whom the rules keep.
    """
    from karat.clean.duplicate_pairs import bands_for
    from karat.clean.signatures import sign

    kept = rules.kept_by_rules(pq.read_table(place / FACTS), plan.how["profile"], limits)
    path = place / SIGNATURES
    held = pq.read_table(path) if path.exists() else None
    if held is not None:
        kept[held[ROW].to_numpy()] = False
    rows = np.flatnonzero(kept)
    if held is not None and not len(rows):
        return
    texts = mended_texts(place, plan.text).take(pa.array(rows))
    bands, each = bands_for(plan.how["near_duplicates"] or 1.0)
    made = sign(pc.cast(texts, pa.large_string()), bands, each, workers=1).to_table(rows)
    table = made if held is None else pa.concat_tables([held, made]).sort_by(ROW)
    write_table(path, table)
