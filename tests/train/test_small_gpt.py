"""A small GPT learns, goes on where it was killed, says what ``transformers`` says, and counts bits rightly."""

import json

import numpy as np
import pytest

from karat.core.errors import InputError, OptionError
from karat.deploy.hugging_face import HuggingFace, LanguageModelFiles
from karat.train.gpt_weights import read_weights
from karat.train.small_gpt import FittedGPT, GptShape, SmallGPT

SHAPE = GptShape(vocabulary=40, context=16, layers=2, heads=2, width=16)
TOKENS = np.tile(np.arange(1, 11, dtype=np.uint16), 60)


@pytest.fixture(scope="module")
def fitted():
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    return SmallGPT(SHAPE, steps=60, batch=8, learning_rate=1e-2, device="cpu").fit(TOKENS, 3)


def test_it_learns(fitted):
    assert fitted.losses[0] == pytest.approx(np.log(40), abs=0.3)
    assert fitted.losses[-1] < 0.3
    assert fitted.shape.parameters == sum(w.size for w in fitted.weights.values())
    assert fitted.logits(np.array([[1, 2, 3, 4]]))[0].argmax(axis=-1).tolist() == [2, 3, 4, 5]


def test_a_killed_training_goes_on_to_the_same_weights(fitted, tmp_path, monkeypatch):
    from karat.train import small_gpt

    learner = SmallGPT(SHAPE, steps=60, batch=8, learning_rate=1e-2, device="cpu")
    rate = SmallGPT._rate

    def killed(self, step):
        if step == 55:
            raise KeyboardInterrupt
        return rate(self, step)

    monkeypatch.setattr(SmallGPT, "_rate", killed)
    with pytest.raises(KeyboardInterrupt):
        learner.fit(TOKENS, 3, state=tmp_path / "state")
    monkeypatch.setattr(SmallGPT, "_rate", rate)
    again = learner.fit(TOKENS, 3, state=tmp_path / "state")
    assert again.losses == fitted.losses
    assert all(np.array_equal(again.weights[name], held) for name, held in fitted.weights.items())
    with pytest.raises(InputError, match="state of another training"):
        learner.fit(TOKENS, 4, state=tmp_path / "state")
    assert small_gpt.SAVED_EVERY == 50


def test_bits_are_those_of_the_logits(fitted):
    documents = [np.arange(1, 6), np.arange(20), np.zeros(0, np.int64)]
    bits = fitted.bits(documents, end=0)
    held = np.concatenate([[0], documents[0], [0]])
    said = fitted.logits(held[None, :-1])[0].astype(np.float64)
    chance = np.exp(said) / np.exp(said).sum(axis=-1, keepdims=True)
    assert bits[0] == pytest.approx(-np.log2(chance[np.arange(6), held[1:]]).sum(), rel=1e-5)
    assert (bits > 0).all()


def test_an_export_is_read_back(fitted, tmp_path):
    HuggingFace().export(LanguageModelFiles(fitted), tmp_path)
    again = read_weights(tmp_path)
    assert again.shape == SHAPE
    assert all(np.array_equal(again.weights[name], held) for name, held in fitted.weights.items())
    tuned = SmallGPT(SHAPE, steps=1, batch=2, device="cpu").fit(TOKENS, 0, start=again.weights)
    assert tuned.losses[0] < 0.5


@pytest.mark.filterwarnings("ignore")
def test_transformers_says_the_same(fitted, tmp_path):
    transformers = pytest.importorskip("transformers")
    torch = pytest.importorskip("torch")
    HuggingFace().export(LanguageModelFiles(fitted), tmp_path)
    model = transformers.GPT2LMHeadModel.from_pretrained(tmp_path)
    windows = np.random.default_rng(0).integers(0, 40, (5, 16))
    with torch.no_grad():
        said = model.eval()(torch.from_numpy(windows)).logits.numpy()
    assert np.abs(said - fitted.logits(windows)).max() < 1e-4


def test_broken_checkpoints_are_told(fitted, tmp_path):
    with pytest.raises(InputError, match=r"GPT-2|gpt2"):
        read_weights(tmp_path)
    HuggingFace().export(LanguageModelFiles(fitted), tmp_path)
    held = tmp_path / "model.safetensors"
    raw = held.read_bytes()
    held.write_bytes(raw[: len(raw) // 2])
    with pytest.raises(InputError, match=r"GPT-2|gpt2"):
        read_weights(tmp_path)
    held.write_bytes(raw)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"n_embd": 32}))
    with pytest.raises(InputError, match="has shape"):
        read_weights(tmp_path)


def test_wrong_input_is_told():
    pytest.importorskip("torch")
    with pytest.raises(InputError, match="too few for a context of 16"):
        SmallGPT(SHAPE).fit(TOKENS[:10])
    with pytest.raises(InputError, match="the vocabulary of 40"):
        SmallGPT(SHAPE).fit(TOKENS + 100)
    with pytest.raises(OptionError, match="heads divides"):
        GptShape(10, heads=3, width=16)


def test_a_rival_shape_cannot_start_it(fitted):
    with pytest.raises(InputError, match="checkpoint"):
        SmallGPT(GptShape(40, 16, 3, 2, 16)).fit(TOKENS, start=fitted.weights)
    assert isinstance(fitted, FittedGPT)
