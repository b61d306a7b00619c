"""JSON lines."""

from pathlib import Path

import pyarrow as pa
import pytest

from karat.collect.limits import LimitError
from karat.collect.read import open_data


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


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("json_lines", "chunks"):
        monkeypatch.setattr(f"karat.collect.{module}.MAX_LINE_BYTES", 1 << 20)
    monkeypatch.setattr("karat.collect.chunks.CHUNK_BYTES", 1 << 20)
    for name, line in (("t.jsonl", b'{"a": "%s"}'), ("t.csv", b"%s,1")):
        (tmp_path / name).write_bytes(
            (b'{"a": 1}\n' if name == "t.jsonl" else b"a,b\n1,2\n") + line % (b"x" * (5 << 20))
        )
        with pytest.raises(LimitError, match=r"is longer than 1 MB"):
            list(open_data(tmp_path / name).batches())


ODD = b"""{"when": "2020-01-01", "n": 1, "on": true}
{"n": 2.0, "when": "2021-02-03 10:00:00", "late": "x"}
{"n": 12345678901234567890, "on": null}

{"n": -0, "when": "", "list": [1, 2]}
bad
{"n": 0.1, "n": 7, "when": "\\u4e2d"}
"""


@pytest.mark.parametrize("run_bytes", [40, 4 << 20])
def test_however_many_lines_are_parsed_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_bytes: int):
    monkeypatch.setattr("karat.collect.json_lines.RUN_BYTES", run_bytes)
    monkeypatch.setattr("karat.collect.json_lines.SMALL_BYTES", 80)
    path = tmp_path / "t.jsonl"
    path.write_bytes(ODD)
    reading = open_data(path)
    assert reading.types == {"n": "float64", "on": "bool"}
    assert pa.Table.from_batches(list(reading.batches())).to_pydict() == {
        "when": ["2020-01-01", "2021-02-03 10:00:00", None, None, "中"],
        "n": ["1", "2", "12345678901234567890", "0", "7"],
        "on": ["true", None, None, None, None],
        "late": [None, "x", None, None, None],
        "list": [None, None, None, "[1, 2]", None],
    }
    assert [(entry["line"], entry["offset"], entry["raw"]) for entry in reading.quarantine] == [
        (6, ODD.index(b"bad"), b"bad\n")
    ]
    assert reading.sources[0]["records"] == 5
