"""Arrow files, streams and frames."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from karat.collect.limits import LimitError
from karat.collect.read import open_data
from karat.core.errors import InputError


@pytest.mark.parametrize(("make", "suffix"), [(pa.ipc.new_file, ".feather"), (pa.ipc.new_stream, ".arrow")])
def test_an_arrow_file_gives_the_text_of_its_types(
    tmp_path: Path,
    typed: pa.Table,
    types: dict[str, str],
    as_text: Any,
    columns: Any,
    half_refused: Any,
    make: Any,
    suffix: str,
) -> None:
    path = tmp_path / f"t{suffix}"
    with make(str(path), typed.schema) as writer:
        writer.write_table(typed)
    assert open_data(path).types == types
    assert columns(path) == as_text
    assert half_refused(path)


def test_frames_in_memory(columns: Any, typed: pa.Table, as_text: Any) -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    assert columns(typed) == as_text
    assert columns(polars.DataFrame({"a": [1, None]})) == {"a": ["1", None]}
    frame = pandas.DataFrame({"a": [1.5, None], "m": [1, "z"]}, index=[5, 9])
    assert columns(frame) == {"a": ["1.5", None], "m": ["1", "z"]}
    with pytest.raises(InputError, match="two columns"):
        open_data(pandas.DataFrame([[1, 2]], columns=["a", "a"]))


def test_what_a_file_says_of_its_buffers_is_not_believed(tmp_path: Path) -> None:
    offsets = pa.py_buffer(np.array([0, 1 << 30, 6], np.int32).tobytes())  # far beyond the text: a crash, if read
    wild = pa.StringArray.from_buffers(2, offsets, pa.py_buffer(b"abcdef"))
    bad = pa.array([b"fine", b"b\xe9d"]).view(pa.string())
    for column in (wild, bad):
        with pa.ipc.new_stream(str(tmp_path / "t.arrow"), pa.schema([("a", pa.string())])) as writer:
            writer.write_batch(pa.RecordBatch.from_arrays([column], ["a"]))
        with pytest.raises(InputError, match="not a complete Arrow file"):
            list(open_data(tmp_path / "t.arrow").batches())
    with pytest.raises(InputError, match="not a complete Arrow stream"):
        list(open_data(pa.table({"a": bad})).batches())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are copied on Linux alone")
def test_a_batch_that_unpacks_to_too_much_is_refused_before_it_is_here(tmp_path: Path, monkeypatch: Any) -> None:
    path, table = tmp_path / "t.arrow", pa.table({"a": pa.array(np.zeros(40_000_000, np.int64))})
    with pa.ipc.new_file(path, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    monkeypatch.setattr("karat.collect.limits.AT_ONCE_FROM", 1 << 24)
    with pytest.raises(
        LimitError, match=r"unpacks to more than 100 times its size. If you trust the file, set max_ratio"
    ):
        open_data(path)


def test_equal_texts_that_take_no_room_in_the_file_are_refused_beyond_the_ratio(tmp_path: Path, monkeypatch: Any):
    path, table = tmp_path / "t.arrow", pa.table({"a": pa.array(["a text of a hundred letters" * 4] * 200_000)})
    coded = table.set_column(0, "a", table["a"].dictionary_encode())
    with pa.ipc.new_file(path, coded.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(coded)
    monkeypatch.setattr("karat.collect.limits.COLUMNS_RATIO_FROM", 1 << 20)
    with pytest.raises(LimitError, match="set max_ratio"):
        list(open_data(path).batches())
