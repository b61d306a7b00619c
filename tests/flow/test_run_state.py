"""A job on its way: rooms are entered once, told, and a failure is written down."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from karat.flow.folder import RunFolder, write_sealed
from karat.flow.run_state import Walk


class Listener:
    def __init__(self) -> None:
        self.said: list[tuple[Any, ...]] = []

    def enter(self, name: str) -> None:
        self.said.append(("enter", name))

    def leave(self, name: str, line: str, fresh: bool) -> None:
        self.said.append(("leave", name, line, fresh))


@pytest.fixture
def on(tmp_path: Path) -> Walk:
    folder = RunFolder.open(tmp_path / "run", "f" * 64)
    write_sealed(folder.work / "started.json", {"at": "2026-01-02T03:04:05"})
    return Walk(SimpleNamespace(listener=Listener(), name="loans"), folder)


def test_a_room_is_entered_told_and_found_done(on: Walk) -> None:
    for _ in range(2):
        assert on.enter("clean", lambda place: {"n": 3}, lambda summary: f"{summary['n']} cells") == {"n": 3}
    assert on.rooms == {"clean": {"n": 3}}
    assert on.place("clean") == on.folder.work / "clean"
    assert on.job.listener.said == [
        ("enter", "clean"),
        ("leave", "clean", "3 cells", True),
        ("enter", "clean"),
        ("leave", "clean", "3 cells", False),
    ]


def test_a_room_that_fails_is_not_left_and_its_failure_is_in_the_lineage(on: Walk) -> None:
    def failing(_: Path) -> dict[str, Any]:
        raise ValueError("no such thing")

    with pytest.raises(ValueError, match="no such thing"):
        on.enter("clean", failing, str)
    assert on.rooms == {}
    assert on.job.listener.said == [("enter", "clean")]
    (event,) = map(json.loads, (on.folder.path / "lineage.jsonl").read_text(encoding="utf-8").splitlines())
    assert event["eventType"] == "FAIL"
    assert event["job"]["name"] == "loans.clean"
    assert event["eventTime"] == "2026-01-02T03:04:05Z"
    assert "no such thing" in json.dumps(event)
