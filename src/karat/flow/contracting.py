"""Contracts: what was learned written as rules, and rules held against the records."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from karat.core.counts import ValueCounts
from karat.flow.folder import RunFolder, write_table
from karat.flow.journal import Change, locked
from karat.flow.raw import raw_records


def learned_contract(folder: RunFolder, to: Path) -> None:
    """Write an ODCS 3 contract from a run's records; values surely found wrong teach it nothing."""
    from karat.store.contract_writing import write_contract

    data = raw_records(folder.path)
    counts: ValueCounts | None = None
    for block in data.blocks():
        counts = ValueCounts.of(block) if counts is None else counts.merge(ValueCounts.of(block))
    assert counts is not None
    findings = pq.read_table(folder.path / "findings.parquet")
    write_contract(to, name=folder.path.name, schema=data.schema, counts=counts, findings=findings)


def broken(contract: Any, folder: RunFolder) -> pa.Table:
    """Findings of a contract about a run's records; they are added to the run's ``findings.parquet``."""
    from karat.store.contract_checks import check_contract

    breaches = check_contract(contract, raw_records(folder.path).whole())
    if breaches.num_rows:
        with locked(folder.path):
            change, known = Change(folder.path), pq.read_table(folder.path / "findings.parquet")
            write_table(change.path("findings.parquet"), pa.concat_tables([known, breaches]))
            change.commit()
    return breaches
