"""Why a cell stands as it does: findings, changes and versions, in words."""

import json
from pathlib import Path

import pytest

from karat.core.errors import OptionError
from karat.show.why import why


def test_cell_that_was_mended(clean_run: Path) -> None:
    lines = why(clean_run, 1, "城市")
    assert lines[0] == "row 1, column 城市:"
    assert lines[1].startswith("  found     StrayWhitespace (confidence 0.99): a blank at the end; mail we*.")
    assert lines[1].endswith("suggested '北京'")
    assert lines[2] == "  changed   '北京 ' → '北京' by StrayWhitespace, confidence 0.99"
    assert lines[3:] == ["  version   1 \"raw\": '北京 '", "  version   2 \"refined\": '北京'"]


def test_record_that_was_dropped(clean_run: Path) -> None:
    lines = why(clean_run, 3)
    assert "removed by DuplicateRecords" in lines[2]
    assert "row 0 was kept" in lines[2]
    assert lines[-1] == '  version   2 "refined": not there'


def test_quiet_cell_and_its_column(clean_run: Path) -> None:
    lines = why(clean_run, 0, "age")
    assert lines[1] == "  found     nothing wrong here"
    assert "  column    MissingValues: 1 of 4 cells is blank" in lines


def test_unknown_row_and_column_say_so(clean_run: Path) -> None:
    folder = clean_run
    with pytest.raises(OptionError, match="Did you mean 'age'"):
        why(folder, 0, "agee")
    with pytest.raises(OptionError, match="row 99"):
        why(folder, 99)


def test_a_step_that_the_guard_stopped_is_said(clean_run: Path) -> None:
    line = "StrayWhitespace:城市 would change 3 of 4 cells of 城市 (75%)"
    step = {"step": "StrayWhitespace:城市", "check": "StrayWhitespace", "column": "城市", "line": line}
    record = clean_run / "run.json"
    said = json.loads(record.read_text("utf-8"))
    said.setdefault("rooms", {}).setdefault("clean", {})["stopped"] = [step]
    record.write_text(json.dumps(said), "utf-8")
    assert f"  stopped   {line}" in why(clean_run, 1, "城市")
    assert not any(one.startswith("  stopped") for one in why(clean_run, 0, "age"))
