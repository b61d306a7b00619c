# ruff: noqa: DTZ001  times without a zone are what files hold
"""The front door: every format gives the same text."""

import datetime as dt
import json
import sqlite3
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.collect.read import open_data
from karat.core.errors import InputError, OptionError

TYPED = pa.table(
    {
        "i": pa.array([1, None, 2**53 + 1]),
        "f": [0.1, float("nan"), 1e300],
        "s": ["a", "", None],
        "b": [True, None, False],
        "t": pa.array([dt.datetime(2020, 1, 1, 2, 3, 4, 5000), None, dt.datetime(2021, 1, 1)]),
        "l": [[1, 2], None, []],
        "d": pa.array([dt.date(2020, 1, 2), None, dt.date(1999, 12, 31)]),
        "c": pa.array(["q", None, "r"]).dictionary_encode(),
    }
)
TEXT = {
    "i": ["1", None, "9007199254740993"],
    "f": ["0.1", None, "1e+300"],
    "s": ["a", None, None],
    "b": ["true", None, "false"],
    "t": ["2020-01-01 02:03:04.005", None, "2021-01-01 00:00:00"],
    "l": ["[1, 2]", None, "[]"],
    "d": ["2020-01-02", None, "1999-12-31"],
    "c": ["q", None, "r"],
}
TYPES = {"i": "int64", "f": "float64", "b": "bool", "t": "timestamp", "d": "timestamp"}


def columns(data: Any, **options: str) -> dict[str, list[Any]]:
    reading = open_data(data, **options)
    return dict(pa.Table.from_batches(list(reading.batches()), reading.schema).to_pydict())


def write_typed(path: Path, kind: str) -> Path:
    if kind == "parquet":
        pq.write_table(TYPED, path)
    else:
        make = pa.ipc.new_file if kind == "arrow" else pa.ipc.new_stream
        with make(str(path), TYPED.schema) as writer:
            writer.write_table(TYPED)
    return path


@pytest.mark.parametrize(("kind", "suffix"), [("parquet", ".parquet"), ("arrow", ".feather"), ("stream", ".arrow")])
def test_typed_files(tmp_path: Path, kind: str, suffix: str) -> None:
    path = write_typed(tmp_path / f"t{suffix}", kind)
    reading = open_data(path)
    assert reading.types == TYPES
    assert columns(path) == TEXT
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InputError, match="a whole"):
        list(open_data(path).batches())


def test_frames_in_memory() -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    assert columns(TYPED) == TEXT
    assert columns(polars.DataFrame({"a": [1, None]})) == {"a": ["1", None]}
    frame = pandas.DataFrame({"a": [1.5, None], "m": [1, "z"]}, index=[5, 9])
    assert columns(frame) == {"a": ["1.5", None], "m": ["1", "z"]}
    with pytest.raises(InputError, match="differ"):
        open_data(pandas.DataFrame([[1, 2]], columns=["a", "a"]))


def test_json_lines_keep_late_keys_and_quarantine_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(
        '{"a":1,"b":"中"}\n{"a":2.5}\nbad\n\n[1]\n{"c":{"k":[1]},"a":null,"b":""}\n{"a":"\\ud800"}\n'.encode()
    )
    reading = open_data(path)
    table = pa.Table.from_batches(list(reading.batches())).to_pydict()
    assert table == {"a": ["1", "2.5", None], "b": ["中", None, None], "c": [None, None, '{"k": [1]}']}
    assert [(entry["line"], entry["raw"]) for entry in reading.quarantine] == [
        (3, b"bad\n"),
        (5, b"[1]\n"),
        (7, b'{"a":"\\ud800"}\n'),
    ]


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        ([{"a": 1}, {"a": 2, "b": True}], {"a": ["1", "2"], "b": [None, "true"]}),
        ({"x": {"a": 1}, "y": {"a": 2}}, {"key": ["x", "y"], "a": ["1", "2"]}),
        ({"meta": 1, "rows": [{"a": 1}, {"a": 2}]}, {"a": ["1", "2"]}),
        ({"a": [1, 2], "b": ["x", None]}, {"a": ["1", "2"], "b": ["x", None]}),
    ],
)
def test_json_documents(tmp_path: Path, document: Any, wanted: dict[str, list[str | None]]) -> None:
    (tmp_path / "t.json").write_text(json.dumps(document), encoding="utf-8")
    assert columns(tmp_path / "t.json") == wanted


def test_json_lines_named_json_and_a_cut_document(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('{"a":1}\n{"a":2}\n', encoding="utf-8")
    assert columns(tmp_path / "t.json") == {"a": ["1", "2"]}
    (tmp_path / "t.json").write_text('[{"a":1},', encoding="utf-8")
    with pytest.raises(InputError, match="whole JSON"):
        open_data(tmp_path / "t.json")


def test_databases(tmp_path: Path) -> None:
    import duckdb

    link = sqlite3.connect(tmp_path / "t.sqlite")
    link.execute("create table t(a int, b text)")
    link.executemany("insert into t values (?, ?)", [(1, "007"), (None, "")])
    link.commit()
    link.close()
    assert columns(tmp_path / "t.sqlite") == {"a": ["1", None], "b": ["007", None]}
    assert columns(tmp_path / "t.sqlite", query="select a * 2 as k from t where a") == {"k": ["2"]}
    with pytest.raises(InputError, match="query that works"):
        open_data(tmp_path / "t.sqlite", query="selec")
    duck = duckdb.connect(str(tmp_path / "t.duckdb"))
    duck.execute("create table t as select 1 as a, 1.5::double as e; create table u(a int)")
    duck.close()
    with pytest.raises(OptionError, match="2 tables"):
        open_data(tmp_path / "t.duckdb")
    assert columns(tmp_path / "t.duckdb", query="select * from t") == {"a": ["1"], "e": ["1.5"]}


def test_workbooks(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["a", "b", None], [1, 2.5, "x"], [dt.datetime(2020, 1, 1), None, "007"]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    assert columns(tmp_path / "t.xlsx") == {"a": ["1", "2020-01-01"], "b": ["2.5", None], "column_2": ["x", "007"]}
    with pytest.raises(OptionError, match="sheet"):
        open_data(tmp_path / "t.xlsx", query="Shet")


def test_folders_globs_and_lists(tmp_path: Path) -> None:
    (tmp_path / "2.csv").write_text("b,a\n3,4\n", encoding="utf-8")
    (tmp_path / "1.csv").write_text("a,b\n1,2\nbad\n", encoding="utf-8")
    for data in (tmp_path, str(tmp_path / "*.csv"), [tmp_path / "2.csv", tmp_path / "1.csv"]):
        reading = open_data(data)
        assert pa.Table.from_batches(list(reading.batches())).to_pydict() == {"a": ["1", "4"], "b": ["2", "3"]}
        assert [entry["records"] for entry in reading.sources] == [1, 1]
        assert [entry["line"] for entry in reading.quarantine] == [3]
    (tmp_path / "3.csv").write_text("a,z\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="same columns"):
        open_data(tmp_path)


def test_folders_of_texts_and_pictures(tmp_path: Path) -> None:
    for name, data in (
        ("t/a.txt", b"hello"),
        ("t/b.txt", "中文文本的内容".encode("gbk")),
        ("p/cat/1.png", b"\x89PNG"),
        ("p/dog/2.jpg", b"\xff\xd8"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert columns(tmp_path / "t") == {"path": ["a.txt", "b.txt"], "text": ["hello", "中文文本的内容"]}
    assert columns(tmp_path / "p") == {
        "path": ["cat/1.png", "dog/2.jpg"],
        "label": ["cat", "dog"],
        "bytes": [b"\x89PNG", b"\xff\xd8"],
    }


def test_addresses(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        reading = open_data(f"{url}/t.csv")
        assert [batch.to_pydict() for batch in reading.batches()] == [{"a": ["1"], "b": ["2"]}]
        assert reading.sources[0]["path"] == f"{url}/t.csv"
        with pytest.raises(InputError, match="answers"):
            open_data(f"{url}/no.csv")
        server.shutdown()
    with pytest.raises(InputError, match="http"):
        open_data("ftp://example.org/t.csv")


@pytest.mark.parametrize(
    ("name", "word"), [("loans.cvs", "did you mean 'loans.csv'"), ("no/loans.csv", "no folder"), ("*.tsv", "no match")]
)
def test_a_file_that_is_not_there(tmp_path: Path, name: str, word: str) -> None:
    (tmp_path / "loans.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(InputError, match=word.replace("*", r"\*")):
        open_data(str(tmp_path / name))


def test_unknown_formats_kinds_and_queries(tmp_path: Path) -> None:
    (tmp_path / "t.xyz").write_text("a\n", encoding="utf-8")
    (tmp_path / "t.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(InputError, match="known format"):
        open_data(tmp_path / "t.xyz")
    with pytest.raises(OptionError, match="tabel"):
        open_data(tmp_path / "t.csv", kind="tabel")
    with pytest.raises(OptionError, match="query"):
        open_data(tmp_path / "t.csv", query="select 1")
