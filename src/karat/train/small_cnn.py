"""A small convolutional network for pictures, where PyTorch is installed and it is asked for."""

from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any, ClassVar

import numpy as np

from karat.core.errors import InputError, OptionError
from karat.core.schema import Role, Schema
from karat.core.unit import Learner
from karat.train.cost import measured
from karat.train.picture_model import CNNModel
from karat.train.picture_network import (
    MOST_LAYERS,
    digest_of,
    folded,
    is_weights,
    network,
    read_network,
)
from karat.train.picture_training import SIDE, Training, alone, held_out, slope_of
from karat.train.probabilities import class_count
from karat.train.small_gpt import torch_or_error

PIXELS = SIDE * SIDE * 3  # definition: three channels


@dataclass(frozen=True)
class SmallCNN(Learner):
    """A network of four convolutions that learns what to look for from the labels.

    It wants labels that are mostly right and some thousands of pictures; below that the patches of ``ImagePatches``,
    which need no label, are as good, and much faster. Leads only where it is ordered: ``[train] learner = "SmallCNN"``,
    or a file of weights instead of the name, which it then goes on from. Needs the extra ``torch``.

    Training pictures are shifted by up to three pixels each time they are seen, and mirrored once the network tells
    pictures that are held out as well in the mirror, so that letters and digits stay as they are. The training ends
    when an eighth of the pictures, held out, is told no better; the same pictures calibrate its confidence. One
    thread, and chance of its own: the same weights for a seed.

    Source: LeCun et al. (1998), Gradient-based learning applied to document recognition; Ioffe & Szegedy (2015), Batch
    normalization; Guo et al. (2017), On calibration of modern neural networks.

    Parameters
    ----------
    widths : tuple of int
        Channels of each convolution, 1 to 6; each but the last halves the picture.
    passes : int
        Over the training pictures at most; more of them where there are few.
    rate : float
        Of learning at its highest, > 0; a third of it where weights are given.
    start : str
        A file of weights to begin with: ``.pt``, ``.pth``, ``.ts`` or ``.safetensors``; their widths count.
    digest : str
        Of that file, so that other weights under the same name make another learner.
    tuned : bool
        Are given weights trained on? Else they are taken as they are, their answers in the order of the classes.
    classes : int
        Number of classes, 0 to take it from the target.
    """

    widths: tuple[int, ...] = (16, 32, 64, 128)
    passes: int = 15
    rate: float = 4e-3
    start: str = ""
    digest: str = ""
    tuned: bool = True
    classes: int = 0
    tasks = frozenset({"classification"})
    name: ClassVar[str] = "small network"
    features: ClassVar[str] = "pixels"
    tried: ClassVar[bool] = False
    slow: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not 1 <= len(self.widths) <= MOST_LAYERS or min(self.widths) < 1 or self.passes < 1 or self.rate <= 0:
            raise OptionError(
                f"sizes of SmallCNN are out of range: {self}",
                f"Use 1 to {MOST_LAYERS} widths, and passes and a rate above 0",
            )

    def suits(self, schema: Schema, classes: int | None = None) -> bool:
        return super().suits(schema, classes) and any(c.type == "binary" for c in schema.with_role(Role.IMAGE))

    def from_file(self, path: str, schema: Schema) -> tuple[str, str, Learner] | None:
        """A network that goes on from a file of weights."""
        fits = is_weights(path) and self.suits(schema)
        return ("given network", self.features, replace(self, start=path, digest=digest_of(path))) if fits else None

    def check(self) -> None:
        if find_spec("torch") is None:
            torch_or_error("SmallCNN")
        if self.start:
            read_network(self.start)

    def fit(self, features: Any, target: np.ndarray, seed: int = 0) -> CNNModel:
        """Learn from pixels (n, 3072) of 0 to 255, for each column of pictures so many, and class codes (n,) int.

        Raises
        ------
        MachineError
            Without PyTorch.
        InputError
            Where the features are no pixels.
        OptionError
            Where the given weights do not fit.
        """
        torch_or_error("SmallCNN")
        if not features.shape[1] or features.shape[1] % PIXELS:
            raise InputError(
                f"SmallCNN learns from pixels, and was given {features.shape[1]} features", "Use another learner"
            )
        cost: dict[str, float] = {}
        k = class_count(target, self.classes)
        with measured(cost), alone():
            present, code = np.unique(target, return_inverse=True)
            if self.start and not self.tuned:
                present = np.arange(k)
            whole = self._begun(3 * features.shape[1] // PIXELS, present, k, seed)
            if self.start and not self.tuned:
                return CNNModel(*folded(whole), present, k, cost)
            pictures = np.asarray(features).astype(np.uint8).reshape(len(features), -1, SIDE, SIDE, 3)
            validation = held_out(len(code), seed)
            training = Training(whole, self.passes, self.rate / (3 if self.start else 1), seed)
            training.run(pictures[~validation], code[~validation], pictures[validation], code[validation])
            model = CNNModel(*folded(whole), present, k, cost)
            slope = slope_of(model.logits(features[validation]), code[validation]) if validation.any() else 1.0
        return CNNModel(model.layers, model.head * slope, model.bias * slope, present, k, cost)

    def _begun(self, channels: int, present: np.ndarray, classes: int, seed: int) -> Any:
        """The network before training: its head for the classes that are present."""
        torch = torch_or_error("SmallCNN")
        random = np.random.default_rng([seed, 1_000_003])
        if not self.start:
            return network(self.widths, channels, len(present), random)
        whole = read_network(self.start)
        wanted, outputs = whole.conv0.in_channels, whole.head.out_features
        if wanted != channels:
            raise OptionError(
                f"{self.start} has weights for {wanted} channels, and the pictures have {channels}",
                "Give other weights",
            )
        if outputs == classes:
            kept = torch.from_numpy(present)
            whole.head.weight = torch.nn.Parameter(whole.head.weight.detach()[kept])
            whole.head.bias = torch.nn.Parameter(whole.head.bias.detach()[kept])
        elif not self.tuned:
            raise OptionError(
                f"{self.start} has weights for {outputs} classes, and the data has {classes}", "Let them be tuned"
            )
        else:
            whole.head = network((whole.head.in_features,), channels, len(present), random).head
        return whole
