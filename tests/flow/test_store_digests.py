"""Files of a store against their digests."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.flow.store_digests import is_wrong_hint, require_unaltered, store_digests
from karat.store.versions import Store


@pytest.fixture
def place(tmp_path: Path) -> Path:
    Store(tmp_path / "store").commit(pa.table({"a": ["1", "2"]}), np.arange(2), parent=None, label="raw", meta={})
    return tmp_path / "store"


def test_files_that_are_written_once_keep_the_digest_they_had(place: Path) -> None:
    known = store_digests(place, {})
    assert set(known) == {"data", "_versions", "_transactions", "_refs"}
    require_unaltered(place, known)
    Store(place).tag(1, "first")  # names move, and so do their files
    (file,) = (place / "data").iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    again = store_digests(place, known)
    assert again["data"] == known["data"]
    assert again["_refs"] != known["_refs"]
    with pytest.raises(InputError, match=rf"{file.name} is not the file that was written"):
        require_unaltered(place, again)


def test_without_a_store_all_is_well(tmp_path: Path) -> None:
    assert store_digests(tmp_path / "none", {}) == {}
    require_unaltered(tmp_path / "none", {"data": {"x": "0"}})


def test_a_wrong_hint_is_seen(place: Path) -> None:
    hint = place / "_versions" / "latest_version_hint.json"
    assert not is_wrong_hint(place)
    for wrong in (b'{"version":2}', b"{", b"\xff", b"[]"):
        hint.write_bytes(wrong)
        assert is_wrong_hint(place)
    hint.unlink()
    assert not is_wrong_hint(place)
