"""Thirty of forty pages come from one site. With `max_per_domain=20` a hash of their text says which of them stay."""

import pyarrow as pa
from _documents import documents

import karat

data = pa.table(
    {
        "url": [f"https://{'news' if at < 30 else f'site{at}'}.example.org/{at}" for at in range(40)],
        "text": documents(),
    }
)
found = karat.assess(data, kind="text", max_per_domain=20, only=["CrowdedDomains"])
