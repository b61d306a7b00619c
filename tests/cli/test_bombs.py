"""Small files that unpack to gigabytes end in one line, in seconds, and take less than a gigabyte of memory."""

import gzip
import json
import subprocess
import sys
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

MOST_SECONDS, MOST_BYTES = 10.0, 1e9  # of one core, all processes together; of the largest process
LONG = gzip.compress(b"a" * (10 << 20)) * 400  # 4 GB in 4 MB
# A process between: what a child is forked from counts in its peak, and the tests' own process is large.
MEASURED = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is measured as Linux does it")


def packed_line(path, head):
    path.write_bytes(gzip.compress(head) + LONG)


def equal_texts(path):
    codes = pa.array(np.zeros(1_000_000, np.int32))
    table = pa.table({"text": pa.DictionaryArray.from_arrays(codes, pa.array(["x" * 1000]))})
    with pq.ParquetWriter(path, table.schema) as writer:
        for _ in range(20):
            writer.write_table(table)


def far_cell(path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "a", 1
    book.save(path)


def wide_sheet(path):
    far_cell(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("xl/worksheets/sheet9.xml", b" " * 200_000_000)


def large_picture(path):
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
        packed.open("a/1.png", "w", force_zip64=True) as file,
    ):
        for _ in range(50):
            file.write(b"\0" * (10 << 20))


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("t.csv.gz", lambda path: packed_line(path, b"a,b\n1,"), "set max_ratio higher"),
        ("t.jsonl.gz", lambda path: packed_line(path, b'{"a": "'), "set max_ratio higher"),
        ("t.json.gz", lambda path: packed_line(path, b'[{"a": "'), "set max_ratio higher"),
        ("t.json", lambda path: path.write_text("[" * 2_000_000), "nested too deep"),
        ("t.parquet", equal_texts, "set max_ratio higher"),
        ("t.xlsx", far_cell, "set max_memory_mb higher"),
        ("t.xlsx", wide_sheet, "set max_ratio higher"),
        ("t.zip", large_picture, "no record that can be read"),
    ],
)
def test_it_ends_soon_in_one_line_and_in_little_memory(tmp_path, name, make, words):
    make(tmp_path / name)
    assert (tmp_path / name).stat().st_size < 5_000_000
    command = [sys.executable, "-m", "karat", "assess", str(tmp_path / name), "--out", str(tmp_path / "run"), "--quiet"]
    done = subprocess.run([sys.executable, "-c", MEASURED, *command], capture_output=True, text=True, check=False)
    status, seconds, most = json.loads(done.stdout)
    said = done.stderr
    assert status == 2
    assert said.startswith("Error: ")
    assert words in said
    assert said.count("\n") == 1
    assert seconds < MOST_SECONDS
    assert most * 1024 < MOST_BYTES
