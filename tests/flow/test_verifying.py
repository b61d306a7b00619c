"""``karat verify`` says what is not as a run left it."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karat
from karat.core.errors import InputError
from karat.flow.folder import read_json, write_json, write_table
from karat.flow.journal import Change
from karat.flow.verifying import verify
from karat.flow.versions import restored


@pytest.fixture
def run(tmp_path):
    at = np.random.default_rng(0).integers(0, 4, 400)
    towns = np.array(["Rome", "Oslo", "Bern", "Lima"])[at].astype(object)
    towns[::37] += "x"
    codes = np.array(["00100", "01500", "03000", "15001"])[at]
    karat.clean(pa.table({"town": towns, "code": codes, "at": np.arange(400)}), out=tmp_path / "run")
    assert pq.read_table(tmp_path / "run" / "ledger.parquet").num_rows
    return tmp_path / "run"


def test_a_run_is_as_it_was_left(run):
    assert verify(run) == []


def test_a_restored_version_is_in_order(run):
    restored(run, 1)
    assert verify(run) == []


def test_a_run_over_texts_is_as_it_was_left(tmp_path):
    texts = [
        f"This is document {at} of a small corpus. It says something about the number {at * 7}." for at in range(40)
    ]
    karat.clean(pa.table({"text": texts}), out=tmp_path / "run")
    assert verify(tmp_path / "run") == []


def test_an_altered_file_is_named(run):
    content = bytearray((run / "findings.parquet").read_bytes())
    content[len(content) // 2] ^= 1
    (run / "findings.parquet").write_bytes(content)
    assert verify(run) == ["findings.parquet is not the file that was published"]


def test_books_and_tables_that_do_not_add_up_are_named(run):
    change = Change(run)
    books = read_json(run / "accounting.json")
    write_json(change.path("accounting.json"), books | {"kept": books["kept"] - 1})
    change.commit()
    faults = verify(run)
    assert faults[0].startswith("accounting.json does not add up: 400 in, 399 kept")
    assert "data.parquet has 400 records, accounting.json says 399 kept" in faults


def test_a_ledger_that_does_not_lead_back_is_named(run):
    change = Change(run)
    write_table(change.path("ledger.parquet"), pq.read_table(run / "ledger.parquet").slice(1))
    change.commit()
    assert verify(run) == ["ledger.parquet does not lead from the refined version back to the raw one"]


def test_a_run_that_was_not_finished_says_so(run):
    (run / "run.json").unlink()
    assert "was not finished" in verify(run)[0]


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(InputError, match="not a run folder"):
        verify(tmp_path)
