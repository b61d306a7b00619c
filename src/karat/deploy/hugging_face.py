"""A small GPT as Hugging Face ``transformers`` loads it: GPT-2's configuration, weights and tokenizer."""

import json
import shutil
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from karat.core.unit import Exporter

PREFIX = "transformer."


@dataclass(frozen=True, eq=False)
class LanguageModelFiles:
    """A small GPT and what goes beside it.

    Parameters
    ----------
    model : object
        With ``shape`` and ``weights``, as ``train.small_gpt.FittedGPT``.
    tokenizer : str
        A ``tokenizer.json`` to lay beside the weights; none where empty.
    end : int
        The token that ends a document.
    """

    model: Any
    tokenizer: str = ""
    end: int = 0


@dataclass(frozen=True)
class HuggingFace(Exporter):
    """Writes ``config.json``, ``model.safetensors`` and, where it is known, the tokenizer.

    Any program that reads GPT-2 then goes on from the model. Source: the folder that ``save_pretrained`` of Hugging
    Face's transformers writes.
    """

    def takes(self, model: Any) -> bool:
        """A language model with its tokenizer."""
        return isinstance(model, LanguageModelFiles)

    def export(self, model: Any, to: Path) -> Path:
        """Write the folder; ``model`` is a ``LanguageModelFiles``."""
        to.mkdir(parents=True, exist_ok=True)
        shape = model.model.shape
        config = {
            "architectures": ["GPT2LMHeadModel"],
            "model_type": "gpt2",
            "vocab_size": shape.vocabulary,
            "n_positions": shape.context,
            "n_ctx": shape.context,
            "n_embd": shape.width,
            "n_layer": shape.layers,
            "n_head": shape.heads,
            "activation_function": "gelu_new",
            "layer_norm_epsilon": 1e-5,
            "attn_pdrop": 0.0,
            "embd_pdrop": 0.0,
            "resid_pdrop": 0.0,
            "tie_word_embeddings": True,
            "bos_token_id": model.end,
            "eos_token_id": model.end,
            "torch_dtype": "float32",
        }
        _write_json(to / "config.json", config)
        write_safetensors(
            to / "model.safetensors", {PREFIX + name: weight for name, weight in model.model.weights.items()}
        )
        if model.tokenizer:
            if Path(model.tokenizer).resolve() != (to / "tokenizer.json").resolve():
                shutil.copyfile(model.tokenizer, to / "tokenizer.json")
            about = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": shape.context}
            _write_json(to / "tokenizer_config.json", about)
        return to


def is_language_model(folder: Path) -> bool:
    """Does a folder hold a GPT with its tokenizer, as ``HuggingFace`` writes it?"""
    return (folder / "config.json").exists() and (folder / "tokenizer.json").exists()


def write_safetensors(path: Path, tensors: Mapping[str, np.ndarray]) -> None:
    """Float32 tensors in the safetensors format: the length of a JSON header, the header, the values."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name in sorted(tensors):
        size = int(tensors[name].size) * 4
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for name in sorted(tensors):
            out.write(np.ascontiguousarray(tensors[name], "<f4").tobytes())
    part.replace(path)


def _write_json(path: Path, values: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
