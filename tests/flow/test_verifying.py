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
    faults = verify(run)
    assert faults[0] == "findings.parquet is not the file that was published"
    assert [fault for fault in faults if "findings.parquet" not in fault] == []  # the same file, linked, in .work


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


def test_two_altered_bytes_in_any_working_file_or_version_are_named(run):
    chance, files = np.random.default_rng(1), [*(run / ".work").rglob("*"), *(run / "store").rglob("*")]
    files = [path for path in files if path.is_file() and path.stat().st_size > 1]
    assert len(files) > 15
    for path in files:
        content = path.read_bytes()
        altered = bytearray(content)
        for at in chance.choice(len(content), 2, replace=False):
            altered[at] ^= int(chance.integers(1, 256))
        path.write_bytes(altered)
        assert verify(run), path
        path.write_bytes(content)
    assert verify(run) == []


def test_altered_parts_of_a_corpus_are_named_and_read_again(tmp_path):
    texts = [f"Document {at} of a small corpus says something of the number {at * 7}, at length." for at in range(60)]
    (tmp_path / "texts.jsonl").write_text("".join(f'{{"text": "{text}"}}\n' for text in texts))
    run, out = tmp_path / "run", {"kind": "text", "out": tmp_path / "run", "now": "2024-01-01"}
    karat.clean(tmp_path / "texts.jsonl", **out)
    before = (run / "data.parquet").read_bytes()
    (part,) = (run / ".work").glob("pieces-*/*/documents.arrow")
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    assert [fault for fault in verify(run) if "documents.arrow is not what was written" in fault]
    karat.clean(tmp_path / "texts.jsonl", **out)
    assert verify(run) == []
    assert (run / "data.parquet").read_bytes() == before


def test_an_altered_version_is_refused_by_who_goes_on(run):
    (version,) = sorted((run / "store" / "data").iterdir())[:1]
    content = bytearray(version.read_bytes())
    content[len(content) // 2] ^= 1
    version.write_bytes(content)
    assert verify(run) == [f"store/data/{version.name} is not the file that was published"]
    with pytest.raises(InputError, match="is not the file that was written"):
        restored(run, 1)
    at = np.arange(10)
    with pytest.raises(InputError, match="Restore it from a copy, or remove"):
        karat.clean(pa.table({"a": at, "b": at % 3}), out=run)
