"""A contract learned from a run is kept by it, and what breaks one is added to the run's findings."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karat
from karat.flow.contracting import broken, learned_contract
from karat.flow.folder import RunFolder, read_json
from karat.store.contract import Contract, Property, read_contract


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs") / "people"
    table = pa.table({"age": [str(20 + k % 41) for k in range(80)], "city": ["Oslo", "Bergen"] * 40})
    karat.assess(table, out=place, workers=1)
    return place


def folder(run: Path) -> RunFolder:
    return RunFolder(run, read_json(run / "run.json")["fingerprint"])


def test_a_run_keeps_the_contract_it_taught(run: Path, tmp_path: Path) -> None:
    learned_contract(folder(run), tmp_path / "c.yaml")
    contract = read_contract(tmp_path / "c.yaml")
    assert contract.name == "people"
    age = next(prop for prop in contract.properties if prop.name == "age")
    assert (age.kind, age.options) == ("integer", {"minimum": 20, "maximum": 60})
    before = pq.read_table(run / "findings.parquet")
    assert broken(contract, folder(run)).num_rows == 0
    assert pq.read_table(run / "findings.parquet").equals(before)


def test_what_breaks_a_contract_joins_the_findings(run: Path) -> None:
    before = pq.read_table(run / "findings.parquet").num_rows
    wanted = Contract("c", (Property("age", "integer", options={"maximum": 58}),))
    breaches = broken(wanted, folder(run))
    assert set(breaches["check"].to_pylist()) == {"ContractRange"}
    assert breaches.num_rows == sum(20 + k % 41 > 58 for k in range(80))
    after = pq.read_table(run / "findings.parquet")
    assert after.num_rows == before + breaches.num_rows
    assert after.slice(before).equals(breaches)
