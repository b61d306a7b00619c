"""Annotations are measured once per record, whatever the passes, and survive a kill."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from karat.core.schema import Column, Role, Schema
from karat.flow import engine
from karat.flow.annotations import annotated_block, place_of
from karat.flow.dataset import Dataset
from karat.quality import text_statistics
from karat.quality.accuracy.gopher_quality import GopherQuality
from karat.quality.text_statistics import TextStatistics

SCHEMA = Schema((Column("text", Role.TEXT),), kind="corpus")
TEXTS = [" ".join(["the", "of", *(f"word{i}" for i in range(60))]), "too short", "another short one"]
BLOCKS = 6  # more than are kept between passes


def on_disk(place, texts=TEXTS) -> Dataset:
    path = place / "data.arrow"
    names = pa.schema([("_row", pa.int64()), ("text", pa.string())])
    with pa.ipc.new_file(str(path), names) as writer:
        for at in range(BLOCKS):
            rows = np.arange(len(texts)) + at * len(texts)
            writer.write_batch(pa.record_batch([pa.array(rows), pa.array(texts)], schema=names))
    return Dataset(SCHEMA, path=path)


@pytest.fixture
def measured_texts(monkeypatch) -> list[int]:
    sizes: list[int] = []
    plain = text_statistics.text_scores

    def counted(texts, workers):
        sizes.append(len(texts))
        return plain(texts, workers)

    monkeypatch.setattr(text_statistics, "text_scores", counted)
    return sizes


def findings(data: Dataset, workers: int = 1) -> list[int]:
    learned = engine.learn(data, [GopherQuality()], workers=workers)
    return pa.concat_tables([said for _, said in engine.judge(data, learned, workers=workers)])["row"].to_pylist()


def test_each_record_is_measured_once_whatever_the_passes(tmp_path, measured_texts):
    data = on_disk(tmp_path)
    short = [at for at in range(3 * BLOCKS) if at % 3]
    assert findings(data, workers=2) == short
    assert measured_texts == [3] * BLOCKS
    assert findings(Dataset(SCHEMA, path=data.path)) == short
    assert len(measured_texts) == BLOCKS


def test_a_killed_pass_goes_on_where_it_stopped(tmp_path, measured_texts):
    data = on_disk(tmp_path)
    for at in range(4):
        annotated_block(data, at, {"TextStatistics": TextStatistics()})
    stored = sorted(place_of(data, TextStatistics()).glob("[!.]*"))
    assert len(stored) == 4
    findings(Dataset(SCHEMA, path=data.path))
    assert len(measured_texts) == BLOCKS


def test_a_new_version_or_other_data_is_measured_anew(tmp_path, measured_texts, monkeypatch):
    data = on_disk(tmp_path)
    findings(data)
    monkeypatch.setattr(TextStatistics, "version", 2)
    findings(Dataset(SCHEMA, path=data.path))
    assert len(measured_texts) == 2 * BLOCKS
    other = on_disk(tmp_path, ["no longer the same", "texts"])
    assert findings(other) == list(range(2 * BLOCKS))
    assert len(measured_texts) == 3 * BLOCKS


def test_data_in_memory_keep_their_measurements_beside_them(measured_texts):
    table = pa.table({"text": pc.cast(pa.array(TEXTS * 2), pa.string())})
    data = Dataset(SCHEMA, table=table, rows=np.arange(6))
    assert findings(data) == [1, 2, 4, 5]
    assert measured_texts == [6]


def test_a_check_whose_annotation_has_no_column_does_not_apply():
    schema = Schema((Column("n", Role.NUMBER, "int64"),), kind="corpus")
    data = Dataset(schema, table=pa.table({"n": ["1", "2"]}), rows=np.arange(2))
    assert engine.learn(data, [GopherQuality()]).skipped == {"GopherQuality": "needs TextStatistics"}
