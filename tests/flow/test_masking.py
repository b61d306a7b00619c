"""``karat clean --mask``: no identifier is found in any output but the vault."""

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.cli.wiring import walked
from karat.flow.appending import append
from karat.flow.applying import apply_run
from karat.flow.job import Job
from karat.flow.masking import unmasked
from karat.flow.settings import made_settings
from karat.flow.verifying import verify
from karat.flow.versions import restored
from karat.store.vault import ORIGINALS, Vault
from karat.store.versions import Store

PLANTED = [f"person{at}@mail.example.com" for at in range(60)] + [f"138{at:08}" for at in range(60)]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    home = tmp_path_factory.mktemp("masked")
    lines = ["id,mail,手机,phone,note,grade"]
    for at in range(60):
        note = f"write to {PLANTED[at]}" if at % 3 == 0 else "nothing to say"
        lines.append(f"{at},{PLANTED[at]},{PLANTED[60 + at]},{2125550000 + at},{note},{'AB'[at % 2]}")
    lines.append("broken,quarantined@mail.example.com")
    (home / "people.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = made_settings({"clean": {"mask": True}}, "a test")
    walked(Job(home / "people.csv", home / "run", "clean", settings))
    return home / "run"


def contents(path: Path) -> bytes:
    data = path.read_bytes()
    if path.suffix == ".parquet":
        data += repr(pq.read_table(path).to_pylist()).encode()
    if path.suffix == ".arrow":
        data += repr(pa.ipc.open_file(path).read_all().to_pylist()).encode()
    return data


def test_no_planted_identifier_is_found_but_in_the_vault(run):
    planted = re.compile(rb"[a-z]+\d*@mail\.example\.com|138000000\d\d|21255500\d\d")
    files = [path for path in run.rglob("*") if path.is_file() and "vault" not in path.parts]
    assert len(files) > 10
    assert [path.name for path in files if planted.search(contents(path))] == []
    lance = pytest.importorskip("lance")
    store = lance.dataset(run / "store")
    for version in store.versions():
        held = repr(store.checkout_version(version["version"]).to_table().to_pylist()).encode()
        assert not planted.search(held)


def test_what_was_masked_is_told(run):
    data = pq.read_table(run / "data.parquet")
    assert set(data["mail"].to_pylist()) == {"<EMAIL>"}
    assert data["note"].to_pylist()[:2] == ["write to <EMAIL>", "nothing to say"]
    assert data["grade"].to_pylist()[:2] == ["A", "B"]
    ledger = pq.read_table(run / "ledger.parquet").to_pylist()
    masked = [entry for entry in ledger if entry["check"] == "MaskPersonalData"]
    assert len(masked) == 200
    found = pq.read_table(run / "findings.parquet").to_pylist()
    told = {(entry["column"], entry["value"]) for entry in found if entry["check"] == "PersonalData"}
    assert {("mail", "<EMAIL>"), ("手机", "<PHONE>"), ("phone", "<PHONE>")} <= told
    assert (run / "ledger.parquet").stat().st_mode & 0o77 == 0


def test_the_restored_raw_version_holds_the_originals_again(run):
    restored(run, 1)
    data = pq.read_table(run / "data.parquet")
    assert data["mail"].to_pylist() == PLANTED[:60]
    assert [str(value) for value in data["phone"].to_pylist()] == [str(2125550000 + at) for at in range(60)]
    assert [str(value) for value in data["手机"].to_pylist()] == PLANTED[60:]
    assert data["note"].to_pylist()[:2] == [f"write to {PLANTED[0]}", "nothing to say"]


def test_a_cell_that_was_mended_since_keeps_its_value(tmp_path):
    rows = np.arange(3)
    cells = [{"row": at, "column": "mail", "original": f"a{at}@b.example"} for at in range(3)]
    Vault(tmp_path / "vault").keep(pa.Table.from_pylist(cells, ORIGINALS))
    table = pa.table({"mail": ["<EMAIL>", "none", None]})
    assert unmasked(table, rows, tmp_path / "vault")["mail"].to_pylist() == ["a0@b.example", "none", None]


def test_the_vault_holds_every_original_and_forgets_it(run):
    vault = Vault(run / "vault")
    held = vault.originals().to_pylist()
    assert len(held) == 60 * 3 + 20
    assert {entry["original"] for entry in held if entry["column"] == "mail"} == set(PLANTED[:60])
    assert (run / "vault" / "originals.parquet").stat().st_mode & 0o77 == 0
    assert vault.forget() == 200


def test_undo_takes_masks_back_from_python(tmp_path):
    import karat

    path = tmp_path / "people.csv"
    path.write_text("id,mail\n" + "".join(f"{at},{PLANTED[at]}\n" for at in range(60)), encoding="utf-8")
    made = karat.clean(path, mask=True, out=tmp_path / "run")
    assert set(made.data["mail"].to_pylist()) == {"<EMAIL>"}
    assert made.undo()["mail"].to_pylist() == PLANTED[:60]


def test_an_append_to_a_masked_run_is_masked(tmp_path):
    path, run = tmp_path / "more.csv", tmp_path / "run"
    header = "id,mail,grade"
    lines = [f"{at},person{at}@mail.example.com,{'AB'[at % 2]}" for at in range(90)]
    path.write_text("\n".join([header, *lines[:60]]) + "\n")
    walked(Job(path, run, "clean", made_settings({"clean": {"mask": True}}, "a test")))
    path.write_text("\n".join([header, *lines[60:], "broken,person99@mail.example.com"]) + "\n")
    done = append(run, path)
    assert (done["first"], done["in"], done["quarantined"]) == (60, 31, 1)
    planted = re.compile(rb"person\d+@mail\.example\.com")
    files = [place for place in run.rglob("*") if place.is_file()]
    assert [place.name for place in files if planted.search(contents(place))] == ["originals.parquet"]
    assert Store(run / "store").read()[0]["mail"].to_pylist() == ["<EMAIL>"] * 90
    kept = Vault(run / "vault").originals().sort_by("row")
    assert kept["row"].to_pylist() == list(range(90))
    assert kept["original"].to_pylist()[60] == "person60@mail.example.com"
    ledger = pq.read_table(run / "ledger.parquet", filters=[("check", "==", "MaskPersonalData")])
    assert sorted(ledger["row"].to_pylist()) == list(range(90))
    assert verify(run) == []


def test_what_is_cleaned_as_a_masked_run_was_is_masked(run, tmp_path):
    path, out = tmp_path / "more.csv", tmp_path / "out"
    row = "7,person7@mail.example.com,13800000007,2125550007,write to person7@mail.example.com,A"
    path.write_text(f"id,mail,手机,phone,note,grade\n{row}\nbroken,person8@mail.example.com\n", encoding="utf-8")
    done = apply_run(run, path, out)
    assert (done["in"], done["kept"], done["quarantined"]) == (2, 1, 1)
    planted = re.compile(rb"person\d+@mail\.example\.com|138000000\d\d|21255500\d\d")
    files = [place for place in out.rglob("*") if place.is_file()]
    assert [place.name for place in files if planted.search(contents(place))] == ["originals.parquet"]
    assert set(pq.read_table(out / "ledger.parquet")["column"].to_pylist()) >= {"mail", "手机", "phone", "note"}
    assert pq.read_table(out / "data.parquet")["mail"].to_pylist() == ["<EMAIL>"]
