"""The vault keeps originals for their owner, and forgets for good."""

import stat
from pathlib import Path

import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.store.vault import ORIGINALS, Vault


def originals(*cells: tuple[int, str, str]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(ORIGINALS.names, cell, strict=True)) for cell in cells], schema=ORIGINALS)


def test_keeps_every_original_once_for_its_owner_alone(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault")
    vault.keep(originals((1, "mail", "a@b.cn"), (2, "mail", "c@d.cn")))
    vault.keep(originals((1, "mail", "x@y.cn"), (2, "mail", "c@d.cn"), (3, "姓名", "王伟")))
    assert [row["original"] for row in vault.originals().to_pylist()] == ["a@b.cn", "x@y.cn", "c@d.cn", "王伟"]
    assert [stat.S_IMODE(file.stat().st_mode) for file in vault.path.iterdir()] == [0o600]
    assert stat.S_IMODE(vault.path.stat().st_mode) == 0o700


def test_forgets_some_then_all(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault")
    vault.keep(originals((1, "mail", "a@b.cn"), (2, "mail", "c@d.cn"), (3, "mail", "e@f.cn")))
    assert vault.forget([2]) == 1
    assert vault.originals()["row"].to_pylist() == [1, 3]
    assert vault.forget() == 2
    assert vault.originals().num_rows == 0
    assert vault.forgotten() == 3
    assert not any(b"@" in file.read_bytes() for file in vault.path.iterdir())
    with pytest.raises(InputError, match="no originals to destroy"):
        vault.forget()
