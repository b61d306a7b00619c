"""The kind of a data set follows from its content, whatever it comes in."""

import io
import json

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet
import pytest
from PIL import Image

import karat
from karat.flow import collecting
from karat.flow.job import Job
from karat.flow.kinds import kind_of
from karat.flow.settings import made_settings

CHANCE = np.random.default_rng(7)
LONG = "This is document {0}, and it goes on for quite some time to say this and that about {0}. " * 3
DAYS = [str(np.datetime64("2024-03-01") + at) for at in range(120)]
PAIRS = CHANCE.permutation(40 * 30)[:600]
TURNS = [
    [{"role": "user", "content": f"How much is {at} + 1?"}, {"role": "assistant", "content": f"{at + 1}"}]
    for at in range(40)
]
RECORDS = {
    "table": {
        "age": CHANCE.integers(18, 90, 80).tolist(),
        "city": CHANCE.choice(["Rome", "Oslo", "Lima"], 80).tolist(),
    },
    "text": {"text": [LONG.format(at) for at in range(40)], "source": ["a", "b"] * 20},
    "chat": {"id": list(range(40)), "messages": TURNS},
    "event": {
        "user_id": (PAIRS // 30).tolist(),
        "item_id": (PAIRS % 30).tolist(),
        "rating": CHANCE.integers(1, 6, 600).tolist(),
        "time": CHANCE.integers(1_600_000_000, 1_640_000_000, 600).tolist(),
    },
    "series": {"day": DAYS, "level": np.round(10 + 5 * np.sin(np.arange(120) / 9), 3).tolist()},
}
FRAMES = ("arrow", "pandas", "polars", "duckdb", "duckdb table")
FILES = ("csv", "txt", "csv.gz", "jsonl", "json", "parquet", "feather", "folder of parquet", "sqlite")


def contained(records, container, place):
    """The records in a container."""
    table = pa.table(records)
    if container == "arrow":
        return table
    if container == "pandas":
        return pd.DataFrame(records)
    if container == "polars":
        return pl.DataFrame(records)
    if container.startswith("duckdb"):
        relation = duckdb.from_arrow(table)
        return relation if container == "duckdb" else relation.to_arrow_table()
    flat = pa.table(
        {name: [json.dumps(c) if isinstance(c, list) else c for c in cells] for name, cells in records.items()}
    )
    if container in ("csv", "csv.gz", "txt"):
        text = pd.DataFrame(flat.to_pydict()).to_csv(index=False, sep="\t" if container == "txt" else ",").encode()
        path = place / f"data.{container}"
        path.write_bytes(pa.compress(text, "gzip", asbytes=True) if container == "csv.gz" else text)
        return path
    if container in ("jsonl", "json"):
        path, lines = place / f"data.{container}", [json.dumps(record) for record in table.to_pylist()]
        path.write_text("\n".join(lines) if container == "jsonl" else f"[{','.join(lines)}]", encoding="utf-8")
        return path
    if container == "sqlite":
        import sqlite3

        with sqlite3.connect(place / "data.sqlite") as link:
            pd.DataFrame(flat.to_pydict()).to_sql("records", link, index=False)
        return place / "data.sqlite"
    if container == "feather":
        pyarrow.feather.write_feather(table, place / "data.feather")
        return place / "data.feather"
    pyarrow.parquet.write_table(table, place / "data.parquet")
    return place / "data.parquet" if container == "parquet" else place


def recognised(data, place, **collect):
    """The name of the kind, as a run finds it."""
    job = Job(data, place / "out", "assess", made_settings({"collect": collect, "workers": 1}, "test"))
    known = kind_of(job).kind
    if known.name == "text":
        return known.name
    (place / "out").mkdir()
    return collecting.collect(job, place / "out")["kind"]


@pytest.mark.parametrize("container", [*FRAMES, *FILES])
@pytest.mark.parametrize("kind", list(RECORDS))
def test_the_kind_is_the_same_in_every_container(kind, container, tmp_path):
    assert recognised(contained(RECORDS[kind], container, tmp_path), tmp_path) == kind


@pytest.mark.parametrize("container", FRAMES)
def test_pictures_in_a_frame(container, tmp_path):
    assert (
        recognised(contained({"bytes": pictures(), "label": ["a", "b"] * 6}, container, tmp_path), tmp_path) == "image"
    )


@pytest.mark.parametrize("container", ["arrow", "pandas", "csv", "jsonl", "parquet"])
def test_pictures_by_their_paths(container, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    named = {"path": [f"{at}.png" for at in range(12)], "label": ["a", "b"] * 6}
    for name, content in zip(named["path"], pictures(), strict=True):
        (tmp_path / name).write_bytes(content)
    assert recognised(contained(named, container, tmp_path), tmp_path) == "image"


def pictures():
    """Twelve pictures as bytes."""
    made = []
    for _ in range(12):
        sink = io.BytesIO()
        Image.fromarray(CHANCE.integers(0, 255, (24, 24, 3)).astype(np.uint8)).save(sink, "PNG")
        made.append(sink.getvalue())
    return made


def test_folders_of_pictures_texts_and_tables(tmp_path):
    for name in ("pictures", "texts", "tables", "short"):
        (tmp_path / name).mkdir()
    for at, content in enumerate(pictures()):
        (tmp_path / "pictures" / f"{at}.png").write_bytes(content)
        (tmp_path / "texts" / f"{at}.txt").write_text(LONG.format(at), encoding="utf-8")
        (tmp_path / "short" / f"{at}.txt").write_text(f"Call me at {at}, please.", encoding="utf-8")
    for at in range(2):
        rows = "".join(f"{at},{row},{row / 7:.3f}\n" for row in range(20))
        (tmp_path / "tables" / f"{at}.txt").write_text("stop,number,height\n" + rows, encoding="utf-8")
    kinds = {}
    for folder in ("pictures", "texts", "tables", "short"):
        (tmp_path / f"of {folder}").mkdir()
        kinds[folder] = recognised(tmp_path / folder, tmp_path / f"of {folder}")
    assert kinds == {"pictures": "image", "texts": "text", "tables": "table", "short": "table"}


def test_the_same_documents_are_kept_in_every_container(tmp_path):
    texts = [f"{at}. " + "The old mill by the river was rebuilt by its owner in the spring. " * 6 for at in range(12)]
    accounts = []
    for container in ("arrow", "pandas", "duckdb", "jsonl", "feather"):
        (tmp_path / container).mkdir()
        data = contained({"text": texts}, container, tmp_path / container)
        accounts.append(karat.clean(data, out=tmp_path / container / "run", workers=1).accounting)
    assert accounts == accounts[:1] * 5
    record = json.loads((tmp_path / "pandas" / "run" / "run.json").read_text(encoding="utf-8"))
    assert record["kind"] == "text"
    assert record["kind_reason"].startswith("column 'text' holds documents of ")


@pytest.mark.parametrize(
    ("name", "kind"), [("table", "table"), ("corpus", "text"), ("text", "text"), ("series", "series")]
)
def test_the_kind_can_be_set(name, kind, tmp_path):
    data = contained(RECORDS["series"], "csv", tmp_path)
    assert recognised(data, tmp_path, kind=name) == kind
