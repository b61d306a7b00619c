"""A run folder is its owner's alone, nothing leads out of it, and no secret of an address is in it."""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karat
from karat.core.errors import InputError
from karat.flow.folder import write_sealed
from karat.flow.journal import locked
from karat.flow.private_files import require_no_links
from karat.store.versions import Store

SECRET = "5ecret-p4ss"


@pytest.fixture
def fetched(monkeypatch, tmp_path):
    """Addresses are answered by a small table."""
    (tmp_path / "loans.csv").write_text("a,b\n" + "".join(f"{i},{i % 7}\n" for i in range(40)) + "x,y,z\n")

    class Fetched:
        def __init__(self, url: str) -> None:
            self.url, self.path = url, tmp_path / "loans.csv"

    monkeypatch.setattr("karat.collect.fetch.Fetched", Fetched)


def test_what_a_run_leaves_is_closed_to_others_and_holds_no_secret(tmp_path, fetched):
    address = f"https://ann:{SECRET}@data.org/loans.csv?X-Amz-Signature={SECRET}&year=2024"
    before = os.umask(0o022)
    try:
        karat.clean(address, target="").save(tmp_path / "run")
    finally:
        os.umask(before)
    files = list((tmp_path / "run").rglob("*"))
    assert len(files) > 20
    open_to_others = {path.name: oct(path.stat().st_mode) for path in files if path.stat().st_mode & 0o077}
    assert open_to_others == {}
    assert [path for path in files if path.is_file() and SECRET.encode() in path.read_bytes()] == []
    assert b"REDACTED@data.org" in (tmp_path / "run" / "run.json").read_bytes()


def test_a_planted_link_is_refused_and_not_written_through(tmp_path):
    run, victim = tmp_path / "run", tmp_path / "victim"
    (run / ".work" / "staged").mkdir(parents=True)
    victim.write_text("mine")
    (run / ".work" / "staged" / "data.parquet").symlink_to(victim)
    with pytest.raises(InputError, match="is a symbolic link to"), locked(run):
        pass
    with pytest.raises(InputError, match="Remove the link"):
        require_no_links(run)
    assert victim.read_text() == "mine"
    (run / ".work" / "staged" / "data.parquet").unlink()
    with locked(run):
        assert run.stat().st_mode & 0o777 == 0o700


def test_a_planted_journal_names_files_of_the_run_alone(tmp_path: Path):
    run = tmp_path / "run"
    (run / ".work").mkdir(parents=True)
    write_sealed(run / ".work" / "journal.json", {"names": [], "removed": ["../victim"], "versions": {}})
    (tmp_path / "victim").write_text("mine")
    with pytest.raises(InputError, match="no file of the run folder"), locked(run):
        pass
    assert (tmp_path / "victim").exists()


def plain(path: Path) -> bytes:
    """All that stands in a file, unpacked."""
    content = path.read_bytes()
    if path.suffix == ".parquet" and content[:4] == b"PAR1":
        return content + str(pq.read_table(path).to_pydict()).encode()
    if path.suffix == ".arrow":
        return content + str(pa.ipc.open_file(content).read_all().to_pydict()).encode()
    return content


@pytest.mark.parametrize("kind", ["table", "text"])
def test_masked_data_stands_in_the_vault_alone_and_nothing_is_open_to_others(tmp_path, kind):
    mails = [f"someone{at}@mail.example.com" for at in range(40)]
    texts = [f"Document {at} was sent by {mail}, who lives in a town of some size." for at, mail in enumerate(mails)]
    run, before = tmp_path / "run", os.umask(0o022)
    try:
        if kind == "table":
            karat.clean(pa.table({"mail": mails, "n": list(range(40))}), out=run, mask=True)
        else:
            karat.clean(pa.table({"text": texts}), out=run, kind="text")
    finally:
        os.umask(before)
    paths = list(run.rglob("*"))
    assert [path for path in paths if path.stat().st_mode & 0o777 != (0o700 if path.is_dir() else 0o600)] == []
    store = Store(run / "store")
    versions = [str(store.read(version.number)[0].to_pydict()).encode() for version in store.log()]
    assert [at for at, version in enumerate(versions) if b"someone" in version] == []
    with_originals = [path for path in paths if path.is_file() and b"someone" in plain(path)]
    assert with_originals == [run / "vault" / "originals.parquet"]
