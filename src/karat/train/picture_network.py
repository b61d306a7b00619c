"""The network behind ``SmallCNN``: its layers by name, its weights at birth, and weights read from a file."""

import struct
import warnings
import zipfile
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from karat.core.errors import OptionError
from karat.train.gpt_weights import read_tensors
from karat.train.small_gpt import torch_or_error

WHO = "SmallCNN"
SUFFIXES = (".pt", ".pth", ".ts", ".safetensors")
KERNEL = 3  # pixels a side: Simonyan & Zisserman (2015); others not tried
MOST_LAYERS = 6  # each but the last halves the picture; 32 pixels can be halved five times; definition: by halving
SMALL = 1e-5  # of the batch norms; default of PyTorch's BatchNorm2d
# definition: the middle of 0 to 255, a round scale
GREY, CONTRAST = 127.5, 64.0  # what pixels of 0 to 255 are moved and divided by

Layers = tuple[tuple[np.ndarray, np.ndarray], ...]


def network(widths: tuple[int, ...], channels: int, classes: int, random: np.random.Generator) -> Any:
    """Convolutions of three by three, each with a batch norm and halved but the last; then the mean and a line.

    A ``torch.nn.Sequential`` of ``conv0``, ``norm0``, ``conv1`` ... ``head``, which takes (n, channels, 32, 32), pixels
    less 127.5 by 64, and gives (n, classes). Its weights come from ``random``: torch's own chance is not touched.
    """
    torch = torch_or_error(WHO)
    nn = torch.nn
    layers: list[tuple[str, Any]] = []
    inward = channels
    for at, width in enumerate(widths):
        conv = nn.Conv2d(inward, width, KERNEL, padding=KERNEL // 2, bias=False, device="meta")
        layers += [(f"conv{at}", conv), (f"norm{at}", nn.BatchNorm2d(width, eps=SMALL)), (f"relu{at}", nn.ReLU())]
        layers += [(f"pool{at}", nn.MaxPool2d(2))] if at < len(widths) - 1 else []
        inward = width
    head = nn.Linear(inward, classes, device="meta")
    tail = [("mean", nn.AdaptiveAvgPool2d(1)), ("flat", nn.Flatten()), ("head", head)]
    whole = nn.Sequential()
    for name, layer in [*layers, *tail]:
        whole.add_module(name, layer.to_empty(device="cpu") if name.startswith(("conv", "head")) else layer)
    with torch.no_grad():
        for name, parameter in whole.named_parameters():
            if name.startswith(("conv", "head")):
                inputs = int(np.prod(parameter.shape[1:])) if parameter.dim() > 1 else 1
                spread = (2 / inputs) ** 0.5 if name.startswith("conv") else 0.01 * (parameter.dim() > 1)
                parameter.copy_(
                    torch.from_numpy((random.standard_normal(tuple(parameter.shape)) * spread).astype(np.float32))
                )
    return whole


def folded(whole: Any) -> tuple[Layers, np.ndarray, np.ndarray]:
    """Convolutions with their batch norms taken into them, (weights, bias) each, and the head's (d, k) and (k,)."""
    state = {name: value.detach().double().numpy() for name, value in whole.state_dict().items()}
    layers = []
    for at in range(sum(name.startswith("conv") for name in state)):
        norm = {part: state[f"norm{at}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")}
        scale = norm["weight"] / np.sqrt(norm["running_var"] + SMALL)
        weights = state[f"conv{at}.weight"] * scale[:, None, None, None]
        bias = norm["bias"] - norm["running_mean"] * scale
        layers.append((weights.astype(np.float32), bias.astype(np.float32)))
    return tuple(layers), state["head.weight"].T.copy(), state["head.bias"].copy()


def unfolded(layers: Layers, head: np.ndarray, bias: np.ndarray) -> Any:
    """The network of folded weights, to be saved and gone on from: its batch norms begin as what is taken as it is."""
    torch = torch_or_error(WHO)
    widths, channels = tuple(len(b) for _, b in layers), layers[0][0].shape[1]
    whole = network(widths, channels, head.shape[1], np.random.default_rng(0))
    state = {"head.weight": head.T, "head.bias": bias}
    for at, (weights, moved) in enumerate(layers):
        even = np.full(len(moved), np.sqrt(1 + SMALL))
        state |= {f"conv{at}.weight": weights, f"norm{at}.weight": even, f"norm{at}.bias": moved}
    whole.load_state_dict(
        {name: torch.from_numpy(np.array(value, np.float32)) for name, value in state.items()}, strict=False
    )
    return whole.eval()


def is_weights(name: str) -> bool:
    """Does the name of a learner say a file of weights?"""
    return name.endswith(SUFFIXES)


def digest_of(path: str) -> str:
    """A hash of a file of weights; "" where there is none."""
    try:
        return blake2b(Path(path).read_bytes(), digest_size=8).hexdigest()
    except OSError:
        return ""


def read_network(path: str | Path) -> Any:
    """The network of a file: a state dict of ``torch.save``, TorchScript, or safetensors. Nothing in it is run.

    Raises
    ------
    OptionError
        Where there is no such file, or it holds another network.
    """
    place = Path(path)
    cure = "give weights that SmallCNN was saved with, or leave the file out"
    try:
        tensors = _tensors_of(place)
    except (OSError, ValueError, KeyError, RuntimeError, TypeError, struct.error, EOFError, _unpickling()) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise OptionError(f"{place} is not a file of weights: {reason}", cure) from None
    try:
        whole, wrong = _filled(tensors)
    except (KeyError, RuntimeError, IndexError, TypeError) as error:
        wrong = " ".join(str(error).split())[:200]
    if wrong:
        raise OptionError(f"{place} is not a picture network: {wrong}", cure)
    return whole


def _filled(tensors: Mapping[str, np.ndarray]) -> tuple[Any, str]:
    """The network whose widths are those of the tensors, filled with them; and which are absent or too many."""
    torch = torch_or_error(WHO)
    count = sum(name.startswith("conv") and name.endswith(".weight") for name in tensors)
    if not 0 < count <= MOST_LAYERS:
        return None, f"{count} convolutions"
    widths = tuple(len(tensors[f"conv{at}.weight"]) for at in range(count))
    whole = network(widths, tensors["conv0.weight"].shape[1], len(tensors["head.weight"]), np.random.default_rng(0))
    loaded = whole.load_state_dict({name: torch.from_numpy(value) for name, value in tensors.items()}, strict=False)
    absent = [name for name in loaded.missing_keys if not name.endswith("num_batches_tracked")]
    return whole, ", ".join([*absent, *loaded.unexpected_keys])


def _unpickling() -> type[Exception]:
    from pickle import UnpicklingError

    return UnpicklingError


def _tensors_of(place: Path) -> Mapping[str, np.ndarray]:
    torch = torch_or_error(WHO)
    if place.suffix == ".safetensors":
        return read_tensors(place)
    with place.open("rb"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if _is_script(place):
            state = torch.jit.load(str(place), map_location="cpu").state_dict()
        else:
            state = torch.load(place, map_location="cpu", weights_only=True)
            state = state.get("state_dict", state) if isinstance(state, dict) else {}
    tensors = {}
    for name, value in state.items():
        if not isinstance(value, torch.Tensor):
            raise TypeError(f"{name} is no tensor")
        tensors[str(name)] = value.detach().float().numpy()
    return tensors


def _is_script(place: Path) -> bool:
    """Only an archive of TorchScript holds code."""
    if not zipfile.is_zipfile(place):
        return False
    with zipfile.ZipFile(place) as archive:
        return any("/code/" in name for name in archive.namelist())
