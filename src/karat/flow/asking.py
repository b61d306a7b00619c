"""Which records are worth a person's time, and a sheet to answer on."""

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.schema import Schema
from karat.flow.dataset import Dataset
from karat.flow.folder import read_json


def ask_about(run: Path, count: int) -> tuple[pa.Table, Path]:
    """The records to ask about, and the answer sheet written for them.

    Parameters
    ----------
    run : Path
        A run folder.
    count : int
        How many records, at least 1.

    Returns
    -------
    (asked, sheet) : ``row`` and ``why``, the most useful first; and ``ask.csv`` (row, column, value) with every cell of
        those records as it stands: given back as ``--answers`` unchanged, it says that all of them are right.
    """
    from karat.clean.answers import ask_rows

    findings = pq.read_table(run / "findings.parquet")
    asked = ask_rows(findings.filter(pc.is_valid(findings["row"])), count)
    schema = Schema.from_json(read_json(run / "schema.json"))
    raw = next((run / ".work").glob("*/collect/raw.arrow"))
    wanted = set(asked["row"].to_pylist())
    sheet = run / "ask.csv"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["row", "column", "value"])
        for block in Dataset(schema, path=raw).blocks():
            at = [place for place, row in enumerate(block.rows.tolist()) if row in wanted]
            for place, record in zip(at, block.table.take(pa.array(at, pa.int64())).to_pylist(), strict=True):
                lines.writerows((int(block.rows[place]), name, value or "") for name, value in record.items())
    return asked, sheet
