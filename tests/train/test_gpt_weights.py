import json
import struct

import numpy as np
import pytest

from karat.core.errors import InputError
from karat.train.gpt_weights import read_tensors, read_weights
from karat.train.small_gpt import GptShape

CONFIG = {"model_type": "gpt2", "vocab_size": 11, "n_positions": 5, "n_layer": 1, "n_head": 2, "n_embd": 4}


def written(path, tensors, header_length=None, **more):
    """A safetensors file of arrays by name."""
    header, raw = dict(more), b""
    names = {"float32": "F32", "float16": "F16", "float64": "F64", "int64": "I64"}
    for name, values in tensors.items():
        begin = len(raw)
        raw += values.tobytes()
        header[name] = {
            "dtype": names[values.dtype.name],
            "shape": list(values.shape),
            "data_offsets": [begin, len(raw)],
        }
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", header_length or len(text)) + text + raw)


def checkpoint(folder, prefix="", config=CONFIG, **changed):
    chance = np.random.default_rng(0)
    shape = GptShape(11, 5, 1, 2, 4)
    tensors = {
        prefix + name: changed.get(name, chance.normal(size=size).astype(np.float32))
        for name, size in shape.shapes().items()
    }
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    written(folder / "model.safetensors", {name: part for name, part in tensors.items() if part is not None})
    return tensors


def test_tensors_of_each_float_kind_become_float32(tmp_path):
    parts = {
        "a": np.arange(6, dtype=np.float32).reshape(2, 3),
        "b": np.array([0.5, -2], np.float16),
        "c": np.array([[0.25]], np.float64),
        "whole": np.array([1, 2], np.int64),
    }
    written(tmp_path / "t", parts, __metadata__={"format": "pt"})
    tensors = read_tensors(tmp_path / "t")
    assert {name: values.tolist() for name, values in tensors.items()} == {
        "a": [[0, 1, 2], [3, 4, 5]],
        "b": [0.5, -2],
        "c": [[0.25]],
    }
    assert {values.dtype for values in tensors.values()} == {np.dtype(np.float32)}


def test_a_header_longer_than_its_file_is_refused(tmp_path):
    written(tmp_path / "t", {}, header_length=1000)
    with pytest.raises(ValueError, match="longer than the file"):
        read_tensors(tmp_path / "t")
    written(tmp_path / "t", {})
    assert read_tensors(tmp_path / "t") == {}


@pytest.mark.parametrize("prefix", ["", "transformer."])
def test_a_checkpoint_is_read_by_the_names_of_either_kind(tmp_path, prefix):
    tensors = checkpoint(tmp_path / "gpt", prefix)
    model = read_weights(tmp_path / "gpt")
    assert model.shape == GptShape(11, 5, 1, 2, 4)
    assert all((model.weights[name.removeprefix(prefix)] == values).all() for name, values in tensors.items())


def test_what_is_no_checkpoint_is_refused_in_words(tmp_path):
    with pytest.raises(InputError, match=r"is not a GPT-2 checkpoint: .*config.json"):
        read_weights(tmp_path)
    checkpoint(tmp_path / "other", config=CONFIG | {"model_type": "bert"})
    with pytest.raises(InputError, match="is a model of type 'bert', not gpt2"):
        read_weights(tmp_path / "other")
    checkpoint(tmp_path / "less", config={name: value for name, value in CONFIG.items() if name != "n_head"})
    with pytest.raises(InputError, match="n_head"):
        read_weights(tmp_path / "less")
    (tmp_path / "less" / "model.safetensors").write_bytes(b"123")
    with pytest.raises(InputError, match="is not a GPT-2 checkpoint"):
        read_weights(tmp_path / "less")


def test_weights_of_another_shape_or_none_are_named(tmp_path):
    name = next(iter(GptShape(11, 5, 1, 2, 4).shapes()))
    checkpoint(tmp_path / "wide", **{name: np.zeros((3, 3), np.float32)})
    with pytest.raises(InputError, match=rf"{name} in .* has shape \(3, 3\), not "):
        read_weights(tmp_path / "wide")
    checkpoint(tmp_path / "gone", **{name: None})
    with pytest.raises(InputError, match=rf"{name} in .* has shape none, not "):
        read_weights(tmp_path / "gone")
