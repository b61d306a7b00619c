"""Served records are whole lines of JSON that only their owner reads; a full disk stops no server."""

import errno
import json
import os
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from karat.core.schema import Column, Role, Schema
from karat.deploy import recording
from karat.deploy.protocol import Request
from karat.deploy.recording import Recorder, ServedRequest, served_lines
from karat.deploy.signature import Signature

SCHEMA = Schema(
    (Column("age", Role.NUMBER, "int64"), Column("mail", Role.CATEGORY), Column("y", Role.TARGET)),
    task="classification",
)
SIGNATURE = Signature.of("people", "2", SCHEMA, ["age", "mail"], ["no", "yes"], {})
FINDING = {
    "record": 1, "column": "mail", "check": "C", "dimension": "accuracy", "value": "bob@example.org", "suggestion": None,
    "confidence": 0.9, "message": "bob@example.org is odd",
}  # fmt: skip


def starred(text: str | None) -> str | None:
    return text.replace("bob@", "***@") if text else text


def served(n: int = 2, **more: Any) -> ServedRequest:
    columns: dict[str, list[str | None]] = {"age": ["41"] * n, "mail": [None, "bob@example.org"][:n]}
    values = {
        "label": np.array(["yes", "no"][:n], object),
        "probabilities": np.array([[0.25, 0.75], [np.nan, np.nan]][:n], np.float32),
    }
    asked = Request("", columns, {}, quarantine=False)
    return ServedRequest("7", asked, SIGNATURE, values, [FINDING] if n > 1 else [], at=0.0, **more)


def test_a_line_for_each_record() -> None:
    first, second = (json.loads(line) for line in served_lines(served(), starred))
    assert first == {
        "served_id": "7/0", "served_at": "1970-01-01T00:00:00.000+00:00", "served_model": "people@2", "age": "41",
        "mail": None, "served_label": "yes", "served_probabilities_no": 0.25, "served_probabilities_yes": 0.75,
        "served_findings": None,
    }  # fmt: skip
    assert second["mail"] == "***@example.org"
    assert second["served_probabilities_yes"] is None
    odd = json.loads(second["served_findings"])
    assert odd[0]["message"] == "***@example.org is odd"
    assert "bob@" not in json.dumps(second)
    assert json.loads(served_lines(served(1), starred)[0])["served_id"] == "7"


def test_only_some_records() -> None:
    assert [json.loads(line)["served_id"] for line in served_lines(served(rows={1}), starred)] == ["7/1"]


def test_a_column_of_that_name_keeps_it() -> None:
    asked = Request("", {"served_id": ["mine"]}, {}, quarantine=False)
    line = json.loads(served_lines(ServedRequest("7", asked, SIGNATURE, {}, []), starred)[0])
    assert (line["served_id"], line["_served_id"]) == ("mine", "7")


def test_what_is_written_is_for_its_owner_alone(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "served", starred)
    for _ in range(50):
        recorder.note(served())
    recorder.close()
    (file,) = (tmp_path / "served").iterdir()
    assert recorder.written == 100
    assert len([json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]) == 100
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_large_file_is_followed_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "LARGEST_FILE", 10)
    recorder = Recorder(tmp_path)
    for _ in range(3):
        recorder.note(served())
        recorder.write()
    recorder.close()
    assert len(list(tmp_path.iterdir())) == 3


def test_a_full_disk_is_said_once_and_lines_stay_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder, write, room = Recorder(tmp_path), os.write, [10**9]

    def full(file: int, text: bytes) -> int:
        if room[0] <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        done = write(file, text[: room[0]])
        room[0] -= done
        return done

    monkeypatch.setattr(os, "write", full)
    recorder.note(served())
    recorder.write()
    room[0] = 100  # half a line
    for _ in range(2):
        recorder.note(served())
        recorder.write()
    room[0] = 10**9
    recorder.note(served())
    recorder.close()
    assert (recorder.written, recorder.lost) == (4, 4)
    lines = "".join(file.read_text(encoding="utf-8") for file in tmp_path.iterdir()).splitlines()
    assert [json.loads(line)["served_id"] for line in lines] == ["7/0", "7/1"] * 2
    said = capsys.readouterr().err
    assert said.count("No space left on device") == 1
    assert "written again; 4 were left out" in said


def test_what_waits_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MOST_WAITING", 4)
    monkeypatch.setattr(recording, "SECONDS", 60)
    recorder = Recorder(tmp_path)
    for _ in range(5):
        recorder.note(served())
    assert recorder.lost == 6
    recorder.close()
    assert recorder.written == 4
