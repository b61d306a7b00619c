import runpy
from pathlib import Path

import pytest

import karat

EXAMPLE = Path(karat.__file__).parents[2] / "examples" / "linear_regression.py"


def test_it_converges_diverges_and_is_cured(tmp_path, capsys):
    held = runpy.run_path(str(EXAMPLE))
    held["main"](tmp_path / "loss.svg")
    said = capsys.readouterr().out
    assert "Scale the features in prepare" in said
    assert "equal to the sample: 0 of 100" in said
    drawn = (tmp_path / "loss.svg").read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert "mean squared error" in drawn
    near = held["line"](1)
    model, _ = held["learn"](near)
    assert (model.weights[0, 0], model.bias[0]) == pytest.approx(held["least_squares"](near), abs=1e-4)
