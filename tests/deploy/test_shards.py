"""Shards are read back token for token: as nanoGPT reads them, as Megatron does, by Parquet, and by ``datasets``."""

import struct

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.errors import OptionError
from karat.deploy.shards import FORMATS, Shard, write


def shard(dtype=np.uint16, length=8):
    chance = np.random.default_rng(3)
    documents = [chance.integers(0, 60_000, size).astype(dtype) for size in (5, 1, 40, 17, 9)]
    whole = np.concatenate(documents)
    full = len(whole) // length * length
    sequences = whole[:full].reshape(-1, length)
    made = Shard("train", lambda: iter(documents), lambda: iter([sequences[:3], sequences[3:]]), length, dtype)
    return made, documents, sequences


@pytest.mark.parametrize("dtype", [np.uint16, np.uint32])
def test_as_nanogpt_reads_it(tmp_path, dtype):
    made, documents, _ = shard(dtype)
    assert write(made, tmp_path, "bin") == {"file": "train.bin", "tokens": 72, "dtype": np.dtype(dtype).name}
    data = np.memmap(tmp_path / "train.bin", dtype=dtype, mode="r")
    assert data.tolist() == np.concatenate(documents).tolist()


@pytest.mark.parametrize("dtype", [np.uint16, np.uint32])
def test_as_megatron_reads_it(tmp_path, dtype):
    made, documents, _ = shard(dtype)
    write(made, tmp_path, "megatron")
    raw = (tmp_path / "train_document.idx").read_bytes()
    assert raw[:9] == b"MMIDIDX\x00\x00"
    version, code, count, bounds = struct.unpack("<QBQQ", raw[9:34])
    kind = {8: np.uint16, 4: np.int32}[code]
    assert (version, count, bounds) == (1, 5, 6)
    sizes = np.frombuffer(raw, np.int32, count, 34)
    begins = np.frombuffer(raw, np.int64, count, 34 + sizes.nbytes)
    ends = np.frombuffer(raw, np.int64, bounds, 34 + sizes.nbytes + begins.nbytes)
    assert len(raw) == 34 + sizes.nbytes + begins.nbytes + ends.nbytes
    assert ends.tolist() == list(range(6))
    data = (tmp_path / "train_document.bin").read_bytes()
    for at, document in enumerate(documents):
        assert np.frombuffer(data, kind, sizes[at], begins[at]).tolist() == document.tolist()


def test_as_parquet(tmp_path):
    made, _, sequences = shard()
    write(made, tmp_path, "parquet")
    assert pq.read_table(tmp_path / "train.parquet")["input_ids"].to_pylist() == sequences.tolist()


def test_as_an_arrow_stream_with_its_features(tmp_path):
    made, _, sequences = shard()
    write(made, tmp_path, "datasets")
    with pa.OSFile(str(tmp_path / "train" / "data-00000-of-00001.arrow")) as file:
        assert pa.ipc.open_stream(file).read_all()["input_ids"].to_pylist() == sequences.tolist()


def test_as_datasets_reads_it(tmp_path):
    datasets = pytest.importorskip("datasets")
    made, _, sequences = shard()
    write(made, tmp_path, "datasets")
    held = datasets.load_from_disk(str(tmp_path / "train"))
    assert held["input_ids"][:] == sequences.tolist()


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_an_empty_split_is_written_too(tmp_path, form):
    write(Shard("validation", lambda: iter([]), lambda: iter([]), 8, np.uint16), tmp_path, form)
    assert any(tmp_path.iterdir())
    assert not list(tmp_path.rglob(".*"))


def test_an_unknown_form_is_told(tmp_path):
    with pytest.raises(OptionError, match="Did you mean 'megatron'"):
        write(shard()[0], tmp_path, "megatro")
