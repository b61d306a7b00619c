"""Reads a GPT-2 checkpoint from a local folder, ours or one of Hugging Face's; nothing is fetched."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from karat.core.errors import InputError
from karat.train.small_gpt import FittedGPT, GptShape

PREFIX = "transformer."
KINDS: dict[str, Any] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2"), "F64": np.dtype("<f8")}
MOST_HEADER = 100_000_000  # bytes; the same as MAX_HEADER_SIZE of the safetensors library


def read_weights(folder: str | Path) -> FittedGPT:
    """A GPT from ``config.json`` and ``model.safetensors``.

    Raises
    ------
    InputError
        Where the files are absent, broken or of another architecture.
    """
    place = Path(folder)
    try:
        config = json.loads((place / "config.json").read_text(encoding="utf-8"))
        tensors = read_tensors(place / "model.safetensors")
        sizes = (config["vocab_size"], config["n_positions"], config["n_layer"], config["n_head"], config["n_embd"])
    except (OSError, ValueError, KeyError, struct.error) as error:
        raise InputError(
            f"{place} is not a GPT-2 checkpoint: {error!r}", "Give a folder with config.json and model.safetensors"
        ) from None
    if config.get("model_type") != "gpt2":
        raise InputError(
            f"{place} is a model of type {config.get('model_type')!r}, not gpt2", "Give a GPT-2 checkpoint"
        )
    shape = GptShape(*sizes)
    named = {name.removeprefix(PREFIX): tensor for name, tensor in tensors.items()}
    weights = {}
    for name, size in shape.shapes().items():
        if name not in named or named[name].shape != size:
            actual = str(named[name].shape) if name in named else "none"
            raise InputError(
                f"{name} in {place / 'model.safetensors'} has shape {actual}, not {size}",
                "Give the weights that belong to its config.json",
            )
        weights[name] = named[name]
    return FittedGPT(shape, weights)


def read_tensors(path: Path) -> dict[str, np.ndarray]:
    """The float tensors of a safetensors file by name, as float32. Raises ValueError where it is broken."""
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    if length > min(len(raw) - 8, MOST_HEADER):
        raise ValueError("the header is longer than the file")
    header: dict[str, Any] = json.loads(raw[8 : 8 + length])
    tensors = {}
    for name, about in header.items():
        if name == "__metadata__" or about["dtype"] not in KINDS:
            continue
        begin, end = about["data_offsets"]
        values: np.ndarray = np.frombuffer(raw[8 + length + begin : 8 + length + end], KINDS[about["dtype"]])
        tensors[name] = values.reshape(about["shape"]).astype(np.float32)
    return tensors
