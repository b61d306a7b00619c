"""JSON lines."""

from pathlib import Path

import pyarrow as pa

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
