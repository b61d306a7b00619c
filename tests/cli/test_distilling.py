"""``karat label DATA --rubric``: the cost alone, or the whole way to a model."""

import json
import sys
from pathlib import Path

import pytest

from karat.cli.distilling import distilled
from karat.core.errors import OptionError
from karat.flow.quality_distillation import Distillation

sys.path.insert(0, str(Path(__file__).parents[1] / "flow"))
from judging_server import corpus, judging


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "crawl.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in corpus(200)))
    return str(path)


def test_a_trial_says_the_cost_and_asks_nothing(data, tmp_path, capsys):
    distilled(Distillation(data, "coherent", "m", price_in=1.0), tmp_path / "out", trial=True, quiet=False, json=False)
    assert capsys.readouterr().out.startswith("cost       200 questions")
    assert not (tmp_path / "out").exists()


def test_the_whole_way(data, tmp_path, capsys, monkeypatch):
    with judging() as (url, _):
        monkeypatch.setenv("KARAT_LLM_URL", url)
        distilled(
            Distillation(data, "coherent", "m", count=200), tmp_path / "out", trial=False, quiet=False, json=False
        )
        said = capsys.readouterr()
        assert said.err.startswith("cost ")
        assert "agreement  0." in said.out
        distilled(Distillation(data, "coherent", "m", count=200), tmp_path / "out", trial=False, quiet=False, json=True)
    assert json.loads(capsys.readouterr().out)["answered"] == 200
    assert (tmp_path / "out" / "quality.npz").exists()


def test_what_is_missing_is_one_line(tmp_path):
    with pytest.raises(OptionError, match="needs the documents to judge"):
        distilled(Distillation(None, "coherent", "m"), tmp_path, trial=False, quiet=True, json=False)
    with pytest.raises(OptionError, match="--max-cost was given without prices"):
        distilled(Distillation("x", "coherent", "m", max_cost=1.0), tmp_path, trial=False, quiet=True, json=False)
