"""Originals are encrypted with a key of a file or the environment, and read with the same one alone."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karat
from karat.core.errors import InputError, OptionError
from karat.flow.versions import restored
from karat.store import vault_key
from karat.store.vault import ORIGINALS, Vault

SECRET = "0123456789abcdef0123456789abcdef"
KEPT = pa.table(
    {"row": [0, 7], "column": ["mail", "mail"], "original": ["ann@example.org", "bo@example.org"]}, ORIGINALS
)


@pytest.fixture
def keyed(tmp_path, monkeypatch):
    monkeypatch.delenv("KARAT_KEY", raising=False)
    path = tmp_path / "key"
    path.write_text(SECRET + "\n")
    path.chmod(0o600)
    monkeypatch.setenv("KARAT_KEY_FILE", str(path))
    return path


def test_what_is_kept_is_encrypted_and_read_with_its_key(tmp_path, keyed, monkeypatch):
    vault = Vault(tmp_path / "vault")
    vault.keep(KEPT)
    content = (tmp_path / "vault" / "originals.parquet").read_bytes()
    assert content[:4] == b"PARE"
    assert b"example" not in content
    assert b"original" not in content  # neither do the names of its columns
    assert vault.originals() == KEPT
    assert vault.originals((5, 9)) == KEPT.slice(1)
    assert (tmp_path / "vault" / "originals.parquet").stat().st_mode & 0o077 == 0
    monkeypatch.delenv("KARAT_KEY_FILE")
    with pytest.raises(InputError, match=r"is encrypted. Set KARAT_KEY_FILE to the file that holds its key"):
        vault.originals()
    with pytest.raises(InputError, match="is encrypted"):
        vault.keep(KEPT)
    monkeypatch.setenv("KARAT_KEY", "x" + SECRET)
    with pytest.raises(InputError, match="cannot be decrypted with the key"):
        vault.originals()
    monkeypatch.setenv("KARAT_KEY", SECRET)
    assert vault.originals() == KEPT
    assert vault.forget([0]) == 1
    assert vault.originals() == KEPT.slice(1)


def test_originals_of_before_the_key_are_read_and_encrypted_with_the_next(tmp_path, keyed, monkeypatch):
    monkeypatch.delenv("KARAT_KEY_FILE")
    vault = Vault(tmp_path / "vault")
    vault.keep(KEPT.slice(0, 1))
    monkeypatch.setenv("KARAT_KEY_FILE", str(keyed))
    assert vault.originals() == KEPT.slice(0, 1)
    vault.keep(KEPT.slice(1))
    assert vault.originals() == KEPT
    assert b"example" not in (tmp_path / "vault" / "originals.parquet").read_bytes()


@pytest.mark.parametrize(
    ("content", "mode", "problem"),
    [
        ("short", 0o600, "has 5 bytes, fewer than 16. Make one with: openssl"),
        ("", 0o600, "is empty"),
        (SECRET, 0o644, "can be read by others. Run chmod 600"),
    ],
)
def test_a_key_that_protects_nothing_is_refused(keyed, content, mode, problem):
    keyed.write_text(content)
    keyed.chmod(mode)
    with pytest.raises(OptionError, match=problem):
        vault_key.key()
    keyed.unlink()
    with pytest.raises(OptionError, match="cannot be read: No such file"):
        vault_key.key()


def test_masked_cells_come_back_with_the_key_and_are_nowhere_without(tmp_path, keyed, monkeypatch):
    mails = [f"someone{at}@mail.example.com" for at in range(30)]
    karat.clean(pa.table({"mail": mails, "n": list(range(30))}), out=tmp_path / "run", mask=True)
    assert b"someone" not in (tmp_path / "run" / "vault" / "originals.parquet").read_bytes()
    assert pq.read_table(tmp_path / "run" / "data.parquet")["mail"].to_pylist() != mails
    restored(tmp_path / "run", 1)
    assert pq.read_table(tmp_path / "run" / "data.parquet")["mail"].to_pylist() == mails
    monkeypatch.delenv("KARAT_KEY_FILE")
    with pytest.raises(InputError, match="is encrypted"):
        restored(tmp_path / "run", 1)
