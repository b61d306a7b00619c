"""The front door: paths, globs, addresses, and what is not there."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from karat.collect.assumed import ReadingOptions
from karat.collect.read import open_data
from karat.collect.tables import is_table
from karat.core.errors import InputError, OptionError


def test_folders_globs_and_lists(tmp_path: Path) -> None:
    (tmp_path / "2.csv").write_text("b,a\n3,4\n", encoding="utf-8")
    (tmp_path / "1.csv").write_text("a,b\n1,2\nbad\n", encoding="utf-8")
    for data in (tmp_path, str(tmp_path / "*.csv"), [tmp_path / "2.csv", tmp_path / "1.csv"]):
        reading = open_data(data)
        assert pa.Table.from_batches(list(reading.batches())).to_pydict() == {"a": ["1", "4"], "b": ["2", "3"]}
        assert [entry["records"] for entry in reading.sources] == [1, 1]
        assert [entry["line"] for entry in reading.quarantine] == [3]
    (tmp_path / "3.csv").write_text("a,z\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="other columns"):
        open_data(tmp_path)


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
        with pytest.raises(InputError, match="answer"):
            open_data(f"{url}/no.csv")
        server.shutdown()
    with pytest.raises(InputError, match="http"):
        open_data("ftp://example.org/t.csv")


@pytest.mark.parametrize(
    ("name", "word"),
    [("loans.cvs", "Did you mean 'loans.csv'"), ("no/loans.csv", "no folder"), ("*.tsv", "no file matches")],
)
def test_a_file_that_is_not_there(tmp_path: Path, name: str, word: str) -> None:
    (tmp_path / "loans.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(InputError, match=word.replace("*", r"\*")):
        open_data(str(tmp_path / name))


def test_unknown_formats_and_queries(tmp_path: Path) -> None:
    (tmp_path / "t.xyz").write_text("a\n", encoding="utf-8")
    (tmp_path / "t.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(InputError, match="not a file format that Karat reads"):
        open_data(tmp_path / "t.xyz")
    with pytest.raises(OptionError, match="query"):
        open_data(tmp_path / "t.csv", query="select 1")


def test_a_text_file_is_a_table_by_its_lines(tmp_path: Path) -> None:
    table = "stop,lat\n" + "".join(f"Main St {at},{40 + at / 7:.4f}\n" for at in range(9))
    poem = "Shall I compare thee to a day?\nThou art more lovely, and more temperate\nRough winds do shake\n" * 3
    names = "Smith, John\nDoe, Jane\nMiller, Ann\nBrown, Bob\nWhite, Al\n"
    for text, told in ((table, True), (table.replace(",", "\t"), True), (poem, False), (names, False), ("", False)):
        (tmp_path / "t.xyz").write_text(text, encoding="utf-8")
        assert is_table(tmp_path / "t.xyz") is told
    (tmp_path / "t.xyz").write_text(table, encoding="utf-8")
    assert open_data(tmp_path / "t.xyz").names == ("stop", "lat")


def test_an_option_where_it_does_not_belong_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(OptionError, match="--sheet"):
        open_data(tmp_path / "t.csv", options=ReadingOptions(sheet="x"))
    (tmp_path / "t.jsonl").write_text('{"a": 1}\n', encoding="utf-8")
    with pytest.raises(OptionError, match="--header-row"):
        open_data(tmp_path / "t.jsonl", options=ReadingOptions(header_row="2"))
