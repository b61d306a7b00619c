"""A sweep on the command line: a table, a picture, and both as files."""

import json
from pathlib import Path
from types import SimpleNamespace

from karat.cli import sweeping
from karat.flow import documents, limit_sweep
from karat.flow.limit_sweep import Point

RULE = "GopherQuality.min_words"


def test_each_limit_is_a_line_and_the_one_in_force_is_marked(tmp_path: Path, monkeypatch) -> None:
    points = [Point(25, 1200, 34_000, 0.875, now=False), Point(50, 900, 30_000, 1.0, now=True)]
    asked = []
    monkeypatch.setattr(documents, "DocumentRooms", lambda on: SimpleNamespace(parts="parts", checks="checks"))
    monkeypatch.setattr(limit_sweep, "swept", lambda *options: asked.append(options) or points)
    lines = sweeping.shown(SimpleNamespace(folder=SimpleNamespace(path=tmp_path)), RULE).splitlines()
    assert asked == [("parts", "checks", RULE)]
    assert lines[0] == f"sweep      {RULE}"
    assert lines[2].split() == ["25", "1,200", "34,000", "87.5%"]
    assert lines[3].split() == ["50", "900", "30,000", "100.0%", "←", "now"]
    assert lines[4] == f"picture    {tmp_path / f'sweep-{RULE}.svg'}"
    assert (tmp_path / f"sweep-{RULE}.svg").read_text(encoding="utf-8").startswith("<svg")
    saved = json.loads((tmp_path / f"sweep-{RULE}.json").read_text(encoding="utf-8"))
    assert saved == [vars(point) for point in points]
