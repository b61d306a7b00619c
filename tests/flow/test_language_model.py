"""A small GPT from a folder of shards: trained, gone on with after a kill, tuned, judged, and ready to complete."""

import json

import numpy as np
import pytest

from karat.core.errors import InputError, OptionError
from karat.flow.language_model import GptRecipe, completer, in_words, train_language_model

TINY = GptRecipe(steps=60, batch=4, context=16, layers=1, heads=2, width=16, learning_rate=1e-2, device="cpu")
SENTENCE = "the quick brown fox jumps over the lazy dog and 狐狸跑了 again"


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    """Shards in the form bin, of one sentence said again and again."""
    tokenizers = pytest.importorskip("tokenizers")
    pytest.importorskip("torch").set_num_threads(1)
    run = tmp_path_factory.mktemp("run")
    home = run / "shards"
    (home / "bin").mkdir(parents=True)
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=300, special_tokens=["<|endoftext|>"], initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator([SENTENCE], trainer)
    tokenizer.save(str(home / "tokenizer.json"))
    said = np.array([*tokenizer.encode(SENTENCE).ids, 0], np.uint16)
    np.tile(said, 40).tofile(home / "bin" / "train.bin")
    np.tile(said, 3).tofile(home / "bin" / "validation.bin")
    index = {"vocabulary": tokenizer.get_vocab_size(), "dtype": "uint16", "end": 0}
    (home / "index.json").write_text(json.dumps(index))
    return run


@pytest.fixture(scope="module")
def trained(shards):
    return train_language_model(shards, recipe=TINY)


def test_it_learns_what_it_is_shown_and_says_so(shards, trained):
    assert trained["loss"]["last"] < 0.5 * trained["loss"]["first"]
    judged = trained["bits_per_byte"]["validation"]
    assert judged["documents"] == 3
    assert judged["bytes"] == 3 * len(SENTENCE.encode())
    assert judged["low"] <= judged["value"] <= judged["high"] < 2
    assert json.loads((shards / "model" / "training.json").read_text())["shape"] == trained["shape"]
    assert not list((shards / ".work").iterdir())
    assert in_words(trained)[1].startswith(f"evaluate   {judged['value']:.4f} bits per byte")


def test_a_killed_training_ends_with_the_same_weights(shards, trained, tmp_path):
    def killed(done, total):
        if done == 55:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_language_model(shards, recipe=TINY, out=tmp_path, progress=killed)
    assert len(list((shards / ".work").iterdir())) == 1
    steps = []
    train_language_model(shards, recipe=TINY, out=tmp_path, progress=lambda done, total: steps.append(done))
    assert steps == list(range(51, 61))
    name = "model.safetensors"
    assert (tmp_path / name).read_bytes() == (shards / "model" / name).read_bytes()


def test_a_model_is_tuned_and_judged_on_texts_it_never_saw(shards, trained, tmp_path):
    held = tmp_path / "held.jsonl"
    held.write_text("".join(json.dumps({"text": f"{at} {SENTENCE}"}) + "\n" for at in range(5)), encoding="utf-8")
    tuned = train_language_model(shards, start=shards / "model", held_out=[held], out=tmp_path / "m", steps=5, batch=4)
    assert tuned["loss"]["first"] < 0.5 * trained["loss"]["first"]
    assert tuned["bits_per_byte"][str(held)]["documents"] == 5


def test_it_completes(shards, trained):
    from karat.deploy.completion import Wish

    made = completer(shards / "model", "fox").answer(
        Wish.of({"prompt": "the quick brown", "temperature": 0, "max_tokens": 4})
    )
    assert SENTENCE.startswith("the quick brown" + made["choices"][0]["text"].rstrip("�"))


def test_what_cannot_be_trained_is_said(shards, tmp_path):
    with pytest.raises(InputError, match="has no training shards"):
        train_language_model(tmp_path)
    with pytest.raises(OptionError, match="stops"):
        train_language_model(shards, stops=3)
    with pytest.raises(OptionError, match="above 0"):
        train_language_model(shards, steps=0)
