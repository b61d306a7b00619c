"""The folder that ``transformers`` loads, read back by hand."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.deploy.hugging_face import PREFIX, HuggingFace, LanguageModelFiles
from karat.train.small_gpt import GptShape

SHAPE = GptShape(vocabulary=12, context=8, layers=1, heads=2, width=4)


@dataclass
class Held:
    shape: GptShape
    weights: dict[str, Any]


def test_configuration_and_weights_come_back_as_they_went(tmp_path):
    chance = np.random.default_rng(1)
    weights = {"wte.weight": chance.normal(size=(12, 4)).astype(np.float32), "ln_f.bias": np.arange(4, dtype="f4")}
    made = HuggingFace().export(LanguageModelFiles(Held(SHAPE, weights), end=11), tmp_path / "模型")
    config = json.loads((made / "config.json").read_text(encoding="utf-8"))
    assert (config["vocab_size"], config["n_positions"], config["n_layer"], config["n_embd"]) == (12, 8, 1, 4)
    assert config["eos_token_id"] == 11
    raw = (made / "model.safetensors").read_bytes()
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + size])
    assert set(header) == {"__metadata__", *(PREFIX + name for name in weights)}
    for name, held in weights.items():
        first, last = header[PREFIX + name]["data_offsets"]
        assert np.array_equal(np.frombuffer(raw[8 + size + first : 8 + size + last], "<f4"), held.ravel())


def test_a_tokenizer_is_laid_beside(tmp_path):
    given = tmp_path / "tokenizer.json"
    given.write_text("{}")
    held = Held(SHAPE, {"wte.weight": np.zeros((12, 4), "f4")})
    made = HuggingFace().export(LanguageModelFiles(held, str(given)), tmp_path / "m")
    assert (made / "tokenizer.json").read_text() == "{}"
    assert json.loads((made / "tokenizer_config.json").read_text())["model_max_length"] == 8
