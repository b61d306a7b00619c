"""A language model's judgement distilled: agreement on unseen documents, costs said first, and lies told apart."""

import json
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from karat.clean.quality_models import load_quality_model
from karat.core.errors import InputError, OptionError
from karat.flow.quality_distillation import Distillation, distil

sys.path.insert(0, str(Path(__file__).parent))
from judging_server import corpus, judging, lies, true_score


def ask(texts, home, url, monkeypatch, **more):
    monkeypatch.setenv("KARAT_LLM_URL", url)
    monkeypatch.delenv("KARAT_LLM_KEY", raising=False)
    said = []
    wish = {"count": 300, "price_in": 1.0, "price_out": 2.0} | more
    return distil(Distillation(texts, "educational", "judge", **wish), home, said.append), said


def test_a_known_rubric_is_learned_and_judges_unseen_documents(tmp_path, monkeypatch):
    texts = corpus(600)
    with judging() as (url, asked):
        done, said = ask(texts, tmp_path, url, monkeypatch)
        assert said[0].startswith("cost       300 questions, about ")
        assert len(asked) == 300
        again, _ = ask(texts, tmp_path, url, monkeypatch)
        assert len(asked) == 300  # what was paid for is not asked again
    assert done.agreement == again.agreement >= 0.85
    assert done.agreement > done.commoner + 0.2
    assert done.low < done.agreement < done.high
    unseen = corpus(400, seed=1)
    truth = np.array([int(true_score(text)) >= 3 for text in unseen])
    assert ((load_quality_model(done.place).score(unseen) >= 0.5) == truth).mean() >= 0.85
    answers = pq.read_table(tmp_path / "quality_answers.parquet").to_pylist()
    assert all(row["score"] == int(true_score(row["text"])) for row in answers)
    assert json.loads((tmp_path / "quality.json").read_text())["model"] == "judge"
    assert done.cost["money"] > 0


def test_the_cost_can_be_had_without_asking(tmp_path):
    said = []
    assert distil(Distillation(corpus(), "coherent", "judge", price_in=1.0), tmp_path, said.append, ask=False) is None
    assert "400 questions" in said[0]
    assert "of money" in said[0]
    assert not list(tmp_path.iterdir())


def test_personal_data_is_not_sent(tmp_path, monkeypatch):
    texts = [f"{text} write to anna{at}@example.com" for at, text in enumerate(corpus(100))]
    with judging() as (url, asked):
        ask(texts, tmp_path, url, monkeypatch, count=100)
    assert not [question for question in asked if "@example.com" in question]


@pytest.mark.parametrize(
    ("score", "says"),
    [
        (lies, "nothing was learned"),
        (lambda _: "5", "puts 300 documents at 3 or above and 0 below"),
        (lambda _: "splendid!", "300 of 300 answers of judge are no number from 0 to 5"),
    ],
    ids=["at random", "always the same", "no number"],
)
def test_a_server_that_lies_writes_no_model(tmp_path, monkeypatch, score, says):
    with judging(score) as (url, _), pytest.raises(InputError, match=says) as raised:
        ask(corpus(400), tmp_path, url, monkeypatch)
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "quality.npz").exists()
    assert (tmp_path / "answers.sqlite").exists()


def test_too_little_to_ask_about_is_one_line(tmp_path):
    with pytest.raises(InputError, match="3 documents that differ are too few"):
        distil(Distillation(["a", "b", "c", "a"], "coherent", "judge"), tmp_path)
    with pytest.raises(OptionError, match="--rubric needs --model"):
        distil(Distillation(corpus(), "coherent", ""), tmp_path)
