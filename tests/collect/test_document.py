"""JSON documents."""

import json
from pathlib import Path
from typing import Any

import pytest

from karat.collect.read import open_data
from karat.core.errors import InputError


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        ([{"a": 1}, {"a": 2, "b": True}], {"a": ["1", "2"], "b": [None, "true"]}),
        ({"x": {"a": 1}, "y": {"a": 2}}, {"key": ["x", "y"], "a": ["1", "2"]}),
        ({"meta": 1, "rows": [{"a": 1}, {"a": 2}]}, {"a": ["1", "2"]}),
        ({"a": [1, 2], "b": ["x", None]}, {"a": ["1", "2"], "b": ["x", None]}),
    ],
)
def test_json_documents(tmp_path: Path, document: Any, wanted: dict[str, list[str | None]], columns: Any) -> None:
    (tmp_path / "t.json").write_text(json.dumps(document), encoding="utf-8")
    assert columns(tmp_path / "t.json") == wanted


def test_json_lines_named_json_and_a_cut_document(tmp_path: Path, columns: Any) -> None:
    (tmp_path / "t.json").write_text('{"a":1}\n{"a":2}\n', encoding="utf-8")
    assert columns(tmp_path / "t.json") == {"a": ["1", "2"]}
    (tmp_path / "t.json").write_text('[{"a":1},', encoding="utf-8")
    with pytest.raises(InputError, match="complete JSON"):
        open_data(tmp_path / "t.json")


def test_half_a_surrogate_pair_goes_to_quarantine(tmp_path: Path) -> None:
    text = b'[{"a": "x"}, {"a": "\\ud800"}, {"a": "\xed\xa0\x80"}, {"a": "\\ud83d\\ude00"}]'
    (tmp_path / "t.json").write_bytes(text)
    reading = open_data(tmp_path / "t.json")
    (batch,) = reading.batches()
    assert batch.column(0).to_pylist() == ["x", "\N{GRINNING FACE}"]
    assert [entry["error"] for entry in reading.quarantine] == ["half a surrogate pair"] * 2


@pytest.mark.parametrize("text", ["[" * 100_000, '[{"a": ' + "9" * 5000 + "}]"])
def test_what_cannot_be_held_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "t.json").write_text(text)
    with pytest.raises(InputError, match=r"nested too deep|thousands of digits"):
        open_data(tmp_path / "t.json")
