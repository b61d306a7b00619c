"""Packed files are read up to where they break; what could not be unpacked is set aside as stored."""

import gzip
from pathlib import Path

import pyarrow as pa
import pytest

from karat.collect import unpacked
from karat.collect.unpacked import Unpacked

TEXT = b"".join(b"line %d of the text\n" % k for k in range(20_000))


def zstd(data: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


def opened(path: Path, data: bytes) -> Unpacked:
    path.write_bytes(data)
    return Unpacked(path)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstd], ids=["plain", "gzip", "zstd"])
@pytest.mark.parametrize("size", [1 << 30, 1000, 7_777])
def test_content_comes_whole_in_any_steps(tmp_path: Path, pack, size: int) -> None:
    with opened(tmp_path / "x", pack(TEXT)) as file:
        parts = []
        while data := file.read(size):
            assert len(data) == size or len(b"".join([*parts, data])) == len(TEXT)
            parts.append(data)
    assert b"".join(parts) == TEXT
    assert file.packed is (pack is not bytes)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstd], ids=["plain", "gzip", "zstd"])
def test_all_at_once_after_a_beginning(tmp_path: Path, pack) -> None:
    with opened(tmp_path / "x", pack(TEXT)) as file:
        assert file.read(5) + file.read() == TEXT
        assert file.read() == b""
        assert file.remainder() == []


def test_a_plain_file_may_begin_in_its_middle(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(TEXT)
    with Unpacked(tmp_path / "x", 20) as file:
        assert file.read() == TEXT[20:]


def test_members_one_behind_the_other_and_zeros_at_the_end(tmp_path: Path) -> None:
    data = gzip.compress(b"one ") + gzip.compress(b"two ") + bytes(512)
    with opened(tmp_path / "x", data) as file:
        assert file.read() == b"one two "
        assert file.remainder() == []


def test_data_that_ends_early_is_told(tmp_path: Path) -> None:
    data = gzip.compress(TEXT)
    with opened(tmp_path / "x", data[: len(data) // 2]) as file:
        assert TEXT.startswith(file.read())
        (entry,) = file.remainder()
    assert entry["error"] == "gzip data that ends early"


def test_a_broken_stretch_is_kept_from_where_it_broke(tmp_path: Path) -> None:
    first, second = gzip.compress(TEXT), b"no gzip at all" * 10
    with opened(tmp_path / "x", first + second) as file:
        assert file.read() == TEXT
        (entry,) = file.remainder()
    assert entry["error"].startswith("broken gzip data")
    assert entry["offset"] == len(first)
    assert entry["raw"] == second
    assert entry["length"] == len(second)


def test_only_the_beginning_of_a_broken_end_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacked, "MOST_RAW_BYTES", 10)
    with opened(tmp_path / "x", gzip.compress(b"a") + b"z" * 100) as file:
        file.read()
        (entry,) = file.remainder()
    assert (entry["raw"], entry["length"]) == (b"z" * 10, 100)


def test_broken_zstd_is_told_too(tmp_path: Path) -> None:
    data = bytearray(zstd(TEXT))
    data[len(data) // 2 :] = b"x" * (len(data) - len(data) // 2)
    with opened(tmp_path / "x", bytes(data)) as file:
        assert TEXT.startswith(file.read())
        (entry,) = file.remainder()
    assert entry["error"].startswith("broken zstd data")
    assert entry["offset"] + entry["length"] == len(data)
