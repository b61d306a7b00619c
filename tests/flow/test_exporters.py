"""A model is written by each exporter that takes it, and by no other."""

from pathlib import Path
from typing import Any

import pytest

from karat.core.unit import Exporter
from karat.flow import exporters
from karat.flow.exporters import export_all


class Numbers(Exporter):
    def takes(self, model: Any) -> bool:
        return isinstance(model, int)

    def export(self, model: Any, folder: Path) -> None:
        (folder / "numbers").write_text(str(model), encoding="utf-8")


class Everything(Exporter):
    def takes(self, model: Any) -> bool:
        return True

    def export(self, model: Any, folder: Path) -> None:
        (folder / "everything").write_text(str(model), encoding="utf-8")


def test_only_those_that_take_a_model_write_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = {"Numbers": Numbers, "Everything": Everything, "Stranger": dict}
    monkeypatch.setattr(exporters, "units", lambda kind: result if kind == "exporter" else {})
    assert export_all(3, tmp_path) == ("Numbers", "Everything")
    assert (tmp_path / "numbers").read_text(encoding="utf-8") == "3"
    (tmp_path / "numbers").unlink()
    assert export_all("x", tmp_path) == ("Everything",)
    assert [path.name for path in tmp_path.iterdir()] == ["everything"]
