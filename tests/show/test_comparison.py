"""Two runs side by side, figures counted by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from karat.core.errors import InputError
from karat.show.comparison import comparison
from karat.show.language import speaking


def test_dimensions_findings_and_metric(clean_run: Path, proved_run: Callable[[str, float], Path], tmp_path) -> None:
    lines = comparison(clean_run, proved_run("worth it", 0.02))
    table = {" ".join(line.split()[:-2]): line.split()[-2:] for line in lines if len(line.split()) > 2}
    assert table["findings"] == ["3", "3"]
    assert table["accuracy"] == ["0.900", "0.900"]
    assert table["Stray whitespace"] == ["1", "1"]
    assert table["AUC, cleaned data"][1] == "0.720"
    with pytest.raises(InputError, match="is not a run folder"):
        comparison(clean_run, tmp_path / "absent")


def test_what_one_run_lacks_is_a_dash(clean_run: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "run.json").write_text("{}")
    lines = comparison(clean_run, other)
    assert next(line for line in lines if "Stray whitespace" in line).split()[-1] == "–"


def test_in_chinese(clean_run: Path) -> None:
    with speaking("zh"):
        lines = comparison(clean_run, clean_run)
    assert any("准确性" in line for line in lines)
    assert any("多余空白" in line for line in lines)
