"""What kind of data a job is about, as told or from its beginning."""

import json

import pyarrow as pa
import pytest

from karat.collect.beginning import LOOK_BYTES
from karat.collect.records import JsonLines
from karat.flow.job import Job
from karat.flow.kinds import kind_of
from karat.flow.settings import made_settings

LONG = "A sentence of a document that goes on for quite some time and says this and that. " * 5


def kind(data, tmp_path, **collect):
    clean = {"profile": collect.pop("profile", "")}
    settings = made_settings({"collect": collect, "clean": clean}, "test")
    return kind_of(Job(data, tmp_path / "out", "clean", settings)).kind.name


def lines(tmp_path, records, name="a.jsonl"):
    path = tmp_path / name
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records))
    return str(path)


def test_one_column_of_long_texts_is_a_corpus(tmp_path):
    path = lines(tmp_path, [{"id": at, "text": LONG} for at in range(20)])
    assert kind(path, tmp_path) == "text"
    assert kind(path, tmp_path, target="id") == "table"
    assert kind(path, tmp_path, kind="table") == "table"
    assert kind(pa.table({"text": [LONG] * 5}), tmp_path) == "text"
    chinese = lines(tmp_path, [{"text": "他在那里住了很多年。" * 30}] * 5, "zh.jsonl")
    assert kind(chinese, tmp_path) == "text"


@pytest.mark.parametrize(
    "record",
    [
        {"text": "short", "n": 1},
        {"left": LONG, "right": LONG},
        {"question": "How many?", "answer": LONG},
        {"instruction": "Do this.", "input": "", "output": LONG},
        {"text": None, "other": 1},
    ],
)
def test_other_shapes_are_tables(tmp_path, record):
    assert kind(lines(tmp_path, [record] * 20), tmp_path) == "table"


def test_a_profile_or_an_archive_is_a_corpus_whatever_its_texts(tmp_path):
    assert kind(lines(tmp_path, [{"text": "short"}] * 5), tmp_path, profile="zh") == "text"
    (tmp_path / "a.warc").write_bytes(b"WARC/1.0\r\n")
    assert kind(str(tmp_path / "a.warc"), tmp_path) == "text"


def test_a_large_file_is_only_looked_into(tmp_path, monkeypatch):
    """To find the columns of all of its lines, all of it would be read."""
    path = lines(tmp_path, [{"text": LONG}] * 4_000)
    sizes = []
    read = JsonLines.read
    monkeypatch.setattr(JsonLines, "read", lambda unit, file: sizes.append(file.stat().st_size) or read(unit, file))
    assert kind(path, tmp_path) == "text"
    assert len(sizes) == 1
    assert sizes[0] <= LOOK_BYTES


def test_long_notes_beside_other_columns_are_a_table(tmp_path):
    """As a corpus, rules for web pages would remove the records."""
    notes = pa.table({"ticket": [f"T-{at}" for at in range(40)], "note": [LONG] * 40, "owner": ["amy", "ben"] * 20})
    assert kind(notes, tmp_path) == "table"
    assert kind(notes.rename_columns(["id", "text", "source"]), tmp_path) == "text"
    assert kind(notes.select(["note"]), tmp_path) == "text"
