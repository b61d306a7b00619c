"""A small GPT: the larger proxy, where PyTorch is installed. Its weights are named and laid out as GPT-2's."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from karat.core.errors import InputError, MachineError, OptionError
from karat.core.release import install
from karat.train.cost import measured

CLIP = 1.0  # largest norm of a gradient; the same as Brown et al. (2020), GPT-3
BETAS = (0.9, 0.95)  # of AdamW, the same as Brown et al. (2020), GPT-3
SMALL = 1e-5  # of the layer norms; as GPT-2 has it (layer_norm_epsilon)
SAVED_EVERY = 50  # steps between two states that a killed training goes on from; cost: steps done twice after a kill
SCORED_AT_ONCE = 32  # windows; cost: memory


@dataclass(frozen=True)
class GptShape:
    """The size of a GPT: vocabulary and context in tokens, layers, heads, and the width of a layer."""

    vocabulary: int
    context: int = 128
    layers: int = 4
    heads: int = 4
    width: int = 128

    def __post_init__(self) -> None:
        if min(self.vocabulary, self.context, self.layers, self.heads, self.width) < 1 or self.width % self.heads:
            raise OptionError(
                f"sizes of SmallGPT are out of range: {self}", "Use numbers above 0, and a width that heads divides"
            )

    @property
    def parameters(self) -> int:
        """How many weights there are."""
        return sum(math.prod(shape) for shape in self.shapes().values())

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Every weight's name and shape, as in GPT-2; the output layer is the input's."""
        d = self.width
        shapes: dict[str, tuple[int, ...]] = {"wte.weight": (self.vocabulary, d), "wpe.weight": (self.context, d)}
        for at in range(self.layers):
            for name, size in (("attn.c_attn", (d, 3 * d)), ("attn.c_proj", (d, d))):
                shapes |= {f"h.{at}.{name}.weight": size, f"h.{at}.{name}.bias": size[1:]}
            for name, size in (("mlp.c_fc", (d, 4 * d)), ("mlp.c_proj", (4 * d, d))):
                shapes |= {f"h.{at}.{name}.weight": size, f"h.{at}.{name}.bias": size[1:]}
            for name in ("ln_1", "ln_2"):
                shapes |= {f"h.{at}.{name}.weight": (d,), f"h.{at}.{name}.bias": (d,)}
        return shapes | {"ln_f.weight": (d,), "ln_f.bias": (d,)}


@dataclass(frozen=True)
class SmallGPT:
    """Learns to predict tokens.

    Needs the extra ``torch``. On a GPU it computes in bfloat16 where that is faster; weights are float32 always.
    Source: Radford et al. (2019), GPT-2; AdamW and a cosine schedule as is usual for it.

    Parameters
    ----------
    steps : int
        Each on ``batch`` windows of ``context`` tokens.
    learning_rate : float
        At its highest, after a tenth of the steps; it ends at a tenth of that.
    device : str
        ``cpu``, ``cuda`` or "" for a GPU where there is one.
    """

    shape: GptShape
    steps: int = 300
    batch: int = 16
    learning_rate: float = 2e-3
    weight_decay: float = 0.1
    device: str = ""

    def fit(
        self,
        tokens: np.ndarray,
        seed: int = 0,
        *,
        start: Mapping[str, np.ndarray] | None = None,
        state: Path | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> "FittedGPT":
        """Train on a stream of tokens.

        Parameters
        ----------
        tokens : ndarray of unsigned int, shape (n,), n > context
        start : mapping of weights, optional
            To go on from, as ``gpt_weights.read_weights`` gives them; else random.
        state : Path, optional
            Where the state is kept every 50 steps; a state found there is gone on from, to the same weights.
        progress : callable, optional
            Called with (steps done, steps) after each.

        Raises
        ------
        InputError
            When the tokens are too few, or not of this vocabulary.
        """
        torch = torch_or_error()
        _check(tokens, self.shape)
        device = self.device or ("cuda" if torch.cuda.is_available() else "cpu")
        cost: dict[str, float] = {}
        with measured(cost):
            weights = _begin(self.shape, seed, start, device)
            groups = [
                {"params": [w for w in weights.values() if w.dim() > 1], "weight_decay": self.weight_decay},
                {"params": [w for w in weights.values() if w.dim() == 1], "weight_decay": 0.0},
            ]
            optimizer = torch.optim.AdamW(groups, lr=self.learning_rate, betas=BETAS)
            losses = self._train(tokens, seed, weights, optimizer, state, device, progress or _silent)
        return FittedGPT(self.shape, {name: w.detach().cpu().numpy() for name, w in weights.items()}, losses, cost)

    def _train(
        self,
        tokens: np.ndarray,
        seed: int,
        weights: dict[str, Any],
        optimizer: Any,
        state: Path | None,
        device: str,
        progress: Callable[[int, int], None],
    ) -> list[float]:
        torch = torch_or_error()
        losses = _resumed(state, weights, optimizer, [seed, asdict(self)])
        for step in range(len(losses), self.steps):
            # a step draws from its own seed, so that a training gone on with sees what it would have seen
            begins = np.random.default_rng([seed, step]).integers(0, len(tokens) - self.shape.context, self.batch)
            drawn = np.stack([tokens[at : at + self.shape.context + 1] for at in begins.tolist()]).astype(np.int64)
            windows = torch.from_numpy(drawn).to(device)
            for group in optimizer.param_groups:
                group["lr"] = self._rate(step)
            with torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda"):
                said = logits(weights, windows[:, :-1], self.shape)
                loss = torch.nn.functional.cross_entropy(said.flatten(0, 1).float(), windows[:, 1:].flatten())
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(list(weights.values()), CLIP)
            optimizer.step()
            losses.append(float(loss.detach()))
            progress(step + 1, self.steps)
            if state is not None and (step + 1) % SAVED_EVERY == 0:
                _save(state, weights, optimizer, losses, [seed, asdict(self)])
        return losses

    def _rate(self, step: int) -> float:
        warm = max(1, self.steps // 10)
        if step < warm:
            return self.learning_rate * (step + 1) / warm
        done = (step - warm) / max(1, self.steps - warm)
        return self.learning_rate * (0.1 + 0.45 * (1 + math.cos(math.pi * done)))


@dataclass(frozen=True)
class FittedGPT:
    """The weights by name (float32), the loss of each step in nats per token, and the cost."""

    shape: GptShape
    weights: Mapping[str, np.ndarray] = field(repr=False)
    losses: list[float] = field(default_factory=list, repr=False)
    cost: dict[str, float] = field(default_factory=dict, repr=False)

    def logits(self, tokens: np.ndarray) -> np.ndarray:
        """(windows, length, vocabulary) float32, for windows (windows, length) of at most ``context`` tokens."""
        torch = torch_or_error()
        weights = {name: torch.from_numpy(np.asarray(w)) for name, w in self.weights.items()}
        with torch.no_grad():
            said: np.ndarray = logits(weights, torch.from_numpy(tokens.astype(np.int64)), self.shape).numpy()
        return said

    def _nats(self, windows: np.ndarray) -> np.ndarray:
        """(windows,) float64: nats for all but the first token of each window (windows, length)."""
        torch = torch_or_error()
        said, wanted = torch.from_numpy(self.logits(windows[:, :-1])), torch.from_numpy(windows[:, 1:].copy())
        lost = torch.nn.functional.cross_entropy(said.flatten(0, 1), wanted.flatten(), reduction="none")
        summed: np.ndarray = lost.view(wanted.shape).double().sum(dim=1).numpy()
        return summed

    def bits(self, documents: Sequence[np.ndarray], end: int) -> np.ndarray:
        """(documents,) float64: bits for each document's tokens and the ``end`` token after them.

        A document longer than the context is taken in stretches; each sees what stands before it in its own.
        """
        from collections import defaultdict

        size = self.shape.context
        windows: dict[int, list[tuple[int, np.ndarray]]] = defaultdict(list)
        for at, tokens in enumerate(documents):
            framed = np.concatenate([[end], tokens.astype(np.int64), [end]])
            for begin in range(0, len(framed) - 1, size):
                piece = framed[begin : begin + size + 1]
                windows[len(piece)].append((at, piece))
        spent = np.zeros(len(documents))
        for length in sorted(windows):
            for first in range(0, len(windows[length]), SCORED_AT_ONCE):
                some = windows[length][first : first + SCORED_AT_ONCE]
                nats = self._nats(np.stack([piece for _, piece in some]))
                np.add.at(spent, [at for at, _ in some], nats / math.log(2))
        return spent


def logits(weights: Mapping[str, Any], tokens: Any, shape: GptShape) -> Any:
    """(windows, length, vocabulary): what a GPT says comes next.

    Parameters
    ----------
    weights : mapping of name to tensor
    tokens : int64 tensor, shape (windows, length), length at most ``context``
    """
    torch = torch_or_error()
    functional, d = torch.nn.functional, shape.width
    many, length = tokens.shape

    def norm(x: Any, name: str) -> Any:
        return functional.layer_norm(x, (d,), weights[f"{name}.weight"], weights[f"{name}.bias"], SMALL)

    def line(x: Any, name: str) -> Any:
        return x @ weights[f"{name}.weight"] + weights[f"{name}.bias"]

    x = weights["wte.weight"][tokens] + weights["wpe.weight"][:length]
    for at in range(shape.layers):
        parts = line(norm(x, f"h.{at}.ln_1"), f"h.{at}.attn.c_attn").split(d, dim=-1)
        q, k, v = (part.view(many, length, shape.heads, d // shape.heads).transpose(1, 2) for part in parts)
        seen = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + line(seen.transpose(1, 2).reshape(many, length, d), f"h.{at}.attn.c_proj")
        wide = functional.gelu(line(norm(x, f"h.{at}.ln_2"), f"h.{at}.mlp.c_fc"), approximate="tanh")
        x = x + line(wide, f"h.{at}.mlp.c_proj")
    return norm(x, "ln_f") @ weights["wte.weight"].T


def torch_or_error(who: str = "SmallGPT") -> Any:
    """PyTorch. Raises MachineError, for the learner ``who``, where it is not installed."""
    try:
        import torch
    except ImportError:
        raise MachineError(f"{who} needs PyTorch, which is not installed", install("torch")) from None
    return torch


def _silent(done: int, total: int) -> None:
    """Nothing is told."""


def _check(tokens: np.ndarray, shape: GptShape) -> None:
    if len(tokens) <= shape.context:
        raise InputError(
            f"{len(tokens)} tokens are too few for a context of {shape.context}", "Give more text or a shorter context"
        )
    if int(tokens.max()) >= shape.vocabulary:
        raise InputError(
            f"token {tokens.max()} is outside the vocabulary of {shape.vocabulary}", "Name the tokenizer's size"
        )


def _begin(shape: GptShape, seed: int, start: Mapping[str, np.ndarray] | None, device: str) -> dict[str, Any]:
    torch = torch_or_error()
    random = np.random.default_rng([seed, 1_000_003])
    weights = {}
    for name, size in shape.shapes().items():
        if start is not None:
            if name not in start or start[name].shape != size:
                actual = str(start[name].shape) if name in start else "none"
                raise InputError(
                    f"{name} of the checkpoint has shape {actual}, not {size}", "Give a shape that fits it"
                )
            value = np.array(start[name], np.float32)
        elif len(size) > 1:
            spread = 0.02 / (math.sqrt(2 * shape.layers) if name.endswith("c_proj.weight") else 1)
            value = (random.standard_normal(size) * spread).astype(np.float32)
        else:
            value = (np.ones if ".ln_" in f".{name}" and name.endswith("weight") else np.zeros)(size, np.float32)
        weights[name] = torch.from_numpy(value).to(device).requires_grad_()
    return weights


def _save(state: Path, weights: Mapping[str, Any], optimizer: Any, losses: list[float], asked: Any) -> None:
    torch = torch_or_error()
    part = state.with_suffix(".part")
    detached = {name: w.detach() for name, w in weights.items()}
    torch.save({"weights": detached, "optimizer": optimizer.state_dict(), "losses": losses, "asked": asked}, part)
    part.replace(state)


def _resumed(state: Path | None, weights: Mapping[str, Any], optimizer: Any, asked: Any) -> list[float]:
    """The losses so far, with weights and optimizer as they were; none where there is no state of this training."""
    torch = torch_or_error()
    if state is None or not state.exists():
        return []
    saved = torch.load(state, weights_only=True)
    if saved["asked"] != asked:
        raise InputError(f"{state} is the state of another training", "Remove it or name another file")
    with torch.no_grad():
        for name, w in weights.items():
            w.copy_(saved["weights"][name])
    optimizer.load_state_dict(saved["optimizer"])
    return list(saved["losses"])
