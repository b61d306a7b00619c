"""Trees over a panel: what they learn, and that the written ones answer alike."""

from pathlib import Path

import numpy as np
import pytest

from karat.core.series_past import SeriesPast
from karat.train.panel_trees import PanelTrees, PanelTreesModel


def panel(size=130, shift=0):
    chance = np.random.default_rng(3)
    at = np.arange(size) + shift
    lines = [10 * (k + 1) + (k + 1) * np.sin(2 * np.pi * at / 7) + 0.05 * chance.normal(size=size) for k in range(4)]
    return [SeriesPast(line, (7,), calendar=(np.arange(size + 14) % 7)[:, None].astype(float)) for line in lines]


def test_the_season_of_every_series_goes_on():
    pasts = panel()
    model = PanelTrees().fit([past.until(120, 7) for past in pasts], 7, seed=0)
    for past in pasts:
        assert np.abs(model.ahead(past.until(120, 7), 7) - past.values[120:127]).mean() < 0.3 * past.scale + 0.1


def test_one_seed_one_answer_and_the_written_trees_give_it(tmp_path: Path):
    pasts = panel()
    model = PanelTrees().fit(pasts, 7, seed=1)
    again = PanelTrees().fit(pasts, 7, seed=1)
    (tmp_path / "trees.onnx").write_bytes(model.to_onnx().SerializeToString())
    written = PanelTreesModel.of_onnx(tmp_path / "trees.onnx")
    for past in pasts:
        assert model.ahead(past, 7).tolist() == again.ahead(past, 7).tolist()
        assert written.ahead(past, 7) == pytest.approx(model.ahead(past, 7), abs=1e-4)


def test_a_column_known_up_to_now_tells_of_the_next_step():
    driver = np.random.default_rng(0).normal(size=401)
    line = 100 + 5 * np.append(0, driver[:400])
    past = SeriesPast(line[:400], beside=driver[:400, None])
    model = PanelTrees().fit([past.until(360, 1)], 1)
    off = [abs(model.ahead(past.until(n, 1), 1)[0] - line[n]) for n in range(360, 399)]
    assert np.mean(off) < 0.5 * past.scale
