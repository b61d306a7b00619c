"""Digits of real hands in folders by class, and the faults planted among them."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.cli.demos.image import FAULTS, RATE, _answer_key, digits
from karat.core.finding import Dimension, findings

Image = pytest.importorskip("PIL.Image")


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("digits")
    return folder, digits(folder)


def test_the_answer_key_names_what_was_planted(planted):
    folder, key = planted
    assert {*FAULTS, "wrong label"} == set(key.values())
    assert all((folder / path).exists() for path in key)
    assert len(list(folder.rglob("*.png"))) == 1797 + sum(fault == "copy" for fault in key.values())
    assert [list(key.values()).count(fault) for fault in (*FAULTS, "wrong label")] == [round(RATE * 1797)] * 4


def test_a_bright_picture_is_bright_and_a_copy_is_one(planted):
    folder, key = planted
    by_fault = {fault: path for path, fault in key.items()}
    bright = np.asarray(Image.open(folder / by_fault["inverted and washed out"]))
    assert bright.min() > 200
    copy = folder / by_fault["copy"]
    assert copy.read_bytes() == copy.with_name(copy.name.replace("_again", "")).read_bytes()


def test_what_was_surely_found_is_counted_by_fault(tmp_path):
    key = {"1/a.png": "noise", "2/b.png": "noise", "3/c.png": "copy", "4/d.png": "wrong label"}
    pq.write_table(pa.table({"_row": [0, 1, 2, 3], "path": list(key)}), tmp_path / "data.parquet")
    tables = [
        findings("NoisyImages", Dimension.ACCURACY, 2, row=[0, 1], confidence=[0.5, 0.4], message="m"),
        findings("DuplicateImages", Dimension.CONSISTENCY, 2, row=[0, None], confidence=1.0, message="m"),
        findings("SuspectLabels", Dimension.ACCURACY, 1, row=[3], confidence=0.9, message="m"),
    ]
    pq.write_table(pa.concat_tables(tables), tmp_path / "findings.parquet")
    counts = [line.split()[-2:] for line in _answer_key(key, tmp_path)[2:]]
    assert counts == [["0", "0"], ["2", "1"], ["1", "0"], ["1", "1"]]
