"""At most so many documents of a domain, over the whole corpus."""

import numpy as np
import pyarrow as pa

from karat.flow.document_verdicts import Verdicts
from karat.flow.part_store import Parts
from karat.quality.consistency.crowded_domains import CrowdedDomains

DOMAIN, ORDER = "domain", "text_order"


def cap_domains(parts: Parts, verdicts: Verdicts, most: int) -> None:
    """Drop what a domain has beyond ``most`` documents among those that are kept so far.

    The documents whose text has the smallest hash stay; of equal texts the earlier one.
    """
    facts = [parts.facts(at, [DOMAIN, ORDER]) for at in range(len(parts))]
    domains = pa.concat_arrays([pa.array([], pa.string()), *(_whole(part[DOMAIN]) for part in facts)])
    order = np.concatenate([np.zeros(0, np.uint64), *(part[ORDER].to_numpy() for part in facts)])
    codes = domains.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(verdicts.kept & (codes >= 0))
    rows = rows[np.lexsort((rows, order[rows], codes[rows]))]
    sizes = np.bincount(codes[rows], minlength=int(codes.max(initial=-1)) + 1)
    begins = np.concatenate([[0], np.cumsum(sizes)])[codes[rows]]
    gone = np.sort(rows[np.arange(len(rows)) - begins >= most])
    verdicts.drop(
        (CrowdedDomains.code(), CrowdedDomains.limit_name), gone, sizes[codes[gone]].astype(float), float(most)
    )


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks().cast(pa.string())
