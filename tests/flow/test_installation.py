"""What is found on a machine."""

import os
import sys

import pytest

from karat.flow.installation import LOW_DISK_BYTES, InstalledPlace, examined


def test_a_place_says_what_is_wrong_with_it():
    assert InstalledPlace("x", "/x", LOW_DISK_BYTES, writable=True).trouble == ""
    assert InstalledPlace("x", "/x", LOW_DISK_BYTES - 1, writable=True).trouble == "little room is left"
    assert InstalledPlace("x", "/x", LOW_DISK_BYTES, writable=False).trouble == "cannot be written to"


def test_machine_code_that_is_kept_is_counted(tmp_path, monkeypatch):
    before = examined(tmp_path).compiled
    mark = f"py{sys.version_info.major}{sys.version_info.minor}"
    for name in ("truth_discovery.f-1", "no_kernel.f-1"):
        (tmp_path / f"{name}.{mark}.nbi").write_bytes(b"")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert examined(tmp_path).compiled - before in (0, 1)
    assert all(examined(tmp_path).libraries.values())


@pytest.mark.skipif(os.name == "nt", reason="no such limits")
def test_the_folder_is_the_one_that_is_named(tmp_path):
    assert examined(tmp_path).places[0].path == str(tmp_path)
