"""What a server says of records is what ``karat apply`` says of the same records, bit for bit."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import karat
from karat.core.schema import Schema
from karat.core.state import thaw
from karat.deploy.protocol import Request
from karat.deploy.request_checks import Door, load_checks, save_checks
from karat.deploy.request_records import RequestRecords
from karat.flow.applying import apply_run
from karat.flow.folder import read_json

KEYS = ("row", "column", "check", "value", "suggestion", "confidence", "message", "kind")


def _people(n: int, seed: int) -> pa.Table:
    rng = np.random.default_rng(seed)
    size = rng.normal(170, 9, n)
    return pa.table(
        {
            "age": [str(value) for value in rng.integers(19, 75, n)],
            "size": [f"{value:.1f}" for value in size],
            "weight": [f"{value:.1f}" for value in size - 100 + rng.normal(0, 2, n)],
            "city": rng.choice(["Oslo", "Bergen", "Paris"], n).tolist(),
        }
    )


def test_the_same_findings_to_the_last_bit(tmp_path: Path) -> None:
    run = tmp_path / "run"
    karat.clean(_people(400, 0), out=run, workers=1)
    columns = _people(40, 1).to_pydict()
    columns["age"][:4] = ["-5", "1e300", "", "N/A"]
    columns["city"][4:8] = ["Oslo ", "Rome", "Pariss", ""]
    columns["size"][8:10] = ["1700", "17 cm"]
    new = pa.table({name: pa.array([text or None for text in texts]) for name, texts in columns.items()})
    apply_run(run, new, tmp_path / "out")
    applied = pq.read_table(tmp_path / "out" / "findings.parquet").select(KEYS).to_pylist()
    save_checks(thaw((run / "checks.json").read_text(encoding="utf-8")), tmp_path / "checks.json")
    schema = Schema.from_json(read_json(run / "schema.json"))
    door = Door(schema, load_checks(tmp_path / "checks.json"))
    served = door.judge(RequestRecords([Request("", new.to_pydict(), {}, quarantine=False)], schema))
    kept = [{key: finding[key] for key in KEYS} for finding in served]
    assert sorted(map(repr, kept)) == sorted(map(repr, applied))
    told = {(finding["row"], finding["column"]) for finding in served}
    assert {(0, "age"), (1, "age"), (2, "age"), (5, "city"), (7, "city")} <= told
