import gzip
import io
import struct

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from karat.collect.read import open_data
from karat.core.errors import InputError


def written(folder, pictures, labels):
    head = struct.pack(">IIII", 0x0803, *pictures.shape)
    with gzip.open(folder / "t-images-idx3-ubyte.gz", "wb") as file:
        file.write(head + pictures.tobytes())
    with gzip.open(folder / "t-labels-idx1-ubyte.gz", "wb") as file:
        file.write(struct.pack(">II", 0x0801, len(labels)) + bytes(labels))


def test_pictures_and_labels_are_read_from_the_file_or_its_folder(tmp_path):
    pictures = np.random.default_rng(0).integers(0, 256, (5, 9, 7), dtype=np.uint8)
    written(tmp_path, pictures, [3, 1, 4, 1, 5])
    for place in (tmp_path, tmp_path / "t-images-idx3-ubyte.gz"):
        reading = open_data(place)
        table = pa.Table.from_batches(list(reading.batches()))
        assert table["label"].to_pylist() == ["3", "1", "4", "1", "5"]
        held = np.asarray(Image.open(io.BytesIO(table["bytes"][2].as_py())))
        np.testing.assert_array_equal(held, pictures[2])


def test_a_cut_file_and_labels_of_another_set_are_errors(tmp_path):
    pictures = np.zeros((4, 5, 5), np.uint8)
    written(tmp_path, pictures, [1, 2, 3])
    with pytest.raises(InputError, match="3 labels for 4"):
        open_data(tmp_path)
    (tmp_path / "cut.idx3-ubyte").write_bytes(struct.pack(">IIII", 0x0803, 4, 5, 5) + b"12")
    with pytest.raises(InputError, match="has 2 values, and its header says 100"):
        open_data(tmp_path / "cut.idx3-ubyte")
