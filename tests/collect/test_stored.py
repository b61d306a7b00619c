"""Files as they are stored: plain and compressed give the same content, counted and hashed as stored."""

import gc
import gzip
import hashlib
from pathlib import Path

import pyarrow as pa
import pytest

from karat.collect.delimited import DelimitedText
from karat.collect.document import JsonDocument
from karat.collect.limits import RATIO_FROM, LimitError
from karat.collect.records import JsonLines
from karat.collect.stored import FOREIGN, foreign, missing_file, opened
from karat.core.errors import InputError

TEXT = b"a,b\n1,2\n" * 1000


@pytest.mark.parametrize(
    "pack",
    [bytes, gzip.compress, lambda data: pa.Codec("zstd").compress(data, asbytes=True)],
    ids=["plain", "gzip", "zstd"],
)
def test_content_is_decompressed_by_its_first_bytes_and_the_file_is_hashed_as_stored(tmp_path: Path, pack) -> None:
    path, data = tmp_path / "any.name", pack(TEXT)
    path.write_bytes(data)
    entry: dict = {}
    with opened(path, entry) as file:
        assert file.read() == TEXT
    assert entry == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def test_the_rest_of_a_file_is_hashed_even_when_nothing_was_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT)
    entry: dict = {}
    with opened(path, entry) as file:
        assert file.read(3) == TEXT[:3]
    assert entry["sha256"] == hashlib.sha256(TEXT).hexdigest()
    assert entry["bytes"] == len(TEXT)


@pytest.mark.parametrize("kept", [20, -4])
def test_compressed_data_that_ends_early_is_refused(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(TEXT)[:kept])
    with pytest.raises(InputError, match=r"a\.csv\.gz ends early or is broken"), opened(path) as file:
        file.read()


def test_compressed_data_with_a_turned_byte_is_refused(tmp_path: Path) -> None:
    path, data = tmp_path / "a.gz", bytearray(gzip.compress(TEXT))
    data[-6] ^= 255  # of the checksum
    path.write_bytes(data)
    with pytest.raises(InputError, match="ends early or is broken"), opened(path) as file:
        file.read()


def test_an_error_of_the_reader_is_no_broken_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(TEXT)
    with pytest.raises(OSError, match="disk full") as error, opened(path):
        raise OSError(28, "disk full")
    assert not isinstance(error.value, InputError)


def test_a_missing_file_is_told_with_the_names_near_it(tmp_path: Path) -> None:
    (tmp_path / "loans.csv").touch()
    with pytest.raises(InputError) as error, opened(tmp_path / "loan.csv"):
        pass
    assert error.value.do == "did you mean 'loans.csv'?"
    assert missing_file(tmp_path / "zzzzzz").do == "check the path"
    assert "there is no folder" in missing_file(tmp_path / "none" / "a.csv").problem


def test_what_the_first_bytes_say() -> None:
    assert foreign(b"PAR1....") == "a Parquet file"
    assert foreign(b"a,b\n") is None
    assert foreign(b" PAR1") is None
    assert foreign(b"") is None
    assert all(foreign(magic + b"rest") == what for magic, what in FOREIGN)


def test_what_unpacks_out_of_all_proportion_is_refused_unless_that_is_allowed(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.csv.gz"
    bomb.write_bytes(gzip.compress(bytes(RATIO_FROM + (1 << 20))))
    with pytest.raises(LimitError, match="set max_ratio higher"), opened(bomb) as file:
        file.read()
    with opened(bomb, max_ratio=2000) as file:
        assert len(file.read()) == RATIO_FROM + (1 << 20)
    for source in (DelimitedText(), JsonLines(), JsonDocument()):
        with pytest.raises(LimitError):
            list(source.read(bomb).batches())


def test_zstd_out_of_all_proportion_is_refused_in_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bomb = bytes(pa.Codec("zstd").compress(b"a" * (40 << 20), asbytes=True))
    (tmp_path / "t.zst").write_bytes(bomb * 3)
    with pytest.raises(LimitError, match="set max_ratio"), opened(tmp_path / "t.zst") as file:
        file.read()
    gc.collect()
    assert not capfd.readouterr().err  # Arrow says there what it cannot raise
