"""From the shards of a cleaned corpus to a small GPT: trained or tuned, judged in bits per byte, exported, served."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from karat.core.errors import InputError, OptionError
from karat.deploy.completion import Completer
from karat.deploy.hugging_face import LanguageModelFiles
from karat.flow.exporters import export_all
from karat.flow.folder import read_json, write_json
from karat.prepare.tokens import encoded, end_of, load_tokenizer
from karat.train.gpt_weights import read_weights
from karat.train.small_gpt import FittedGPT, GptShape, SmallGPT

SHARDS, MODEL, SAID = "shards", "model", "training.json"
MOST_JUDGED = 1_000  # cost: documents of a held-out set; of more, so many are drawn
LEARNED = "validation"  # the documents that the shards hold out


@dataclass(frozen=True)
class GptRecipe:
    """How a small GPT is trained.

    Parameters
    ----------
    steps, batch : int
        Steps, each on ``batch`` windows of ``context`` tokens.
    context, layers, heads, width : int
        Its size; a checkpoint to start from brings its own.
    device : str
        cpu, cuda, or "" for a GPU where there is one; only there it computes in bfloat16.
    """

    steps: int = 1_000
    batch: int = 16
    context: int = 128
    layers: int = 4
    heads: int = 4
    width: int = 128
    learning_rate: float = 2e-3
    seed: int = 0
    device: str = ""


def train_language_model(
    run: str | Path,
    *,
    start: str | Path = "",
    held_out: Sequence[str | Path] = (),
    out: str | Path = "",
    recipe: GptRecipe | None = None,
    progress: Callable[[int, int], None] | None = None,
    **sizes: Any,
) -> dict[str, Any]:
    """Train a small GPT on the shards of a run, or tune a checkpoint on them; needs the extra ``torch``.

    Parameters
    ----------
    run : path
        A run of ``karat clean --shards``, or the folder of its shards.
    start : path
        A local folder with a GPT-2 checkpoint, ours or Hugging Face's, whose tokenizer made the shards.
    held_out : sequence of path
        Texts that were not trained on: files, folders or ``RUN@N``, each judged beside the shards' own.
    out : path
        Where the model goes; RUN/model where empty.
    recipe : Recipe, optional
    progress : callable, optional
        Called with (steps done, steps).
    **sizes
        Fields of ``Recipe``, over those of ``recipe``.

    Returns
    -------
    dict
        What ``training.json`` beside the model holds: sizes, losses, bits per byte with 95 % intervals, cost.

    A killed training goes on where it stood: the state lies in RUN/.work until the model is written.
    """
    how = _recipe(recipe, sizes)
    home, index = _shards(Path(run))
    tokenizer = load_tokenizer(home / "tokenizer.json")
    begun = read_weights(start) if start else None
    shape = begun.shape if begun else GptShape(index["vocabulary"], how.context, how.layers, how.heads, how.width)
    if begun and shape.vocabulary < index["vocabulary"]:
        raise InputError(
            f"the shards of {home} have {index['vocabulary']} kinds of tokens, "
            f"and the checkpoint knows {shape.vocabulary}",
            f"Make them with the checkpoint's tokenizer: [prepare] tokenizer = {str(start)!r}",
        )
    tokens = _tokens(home, "train", index)
    learner = SmallGPT(shape, how.steps, how.batch, how.learning_rate, device=how.device)
    state = _state(home, learner, how.seed, str(start), tokens)
    model = learner.fit(tokens, how.seed, start=begun.weights if begun else None, state=state, progress=progress)
    place = Path(out) if out else home.parent / MODEL
    end = int(index["end"])
    export_all(LanguageModelFiles(model, str(home / "tokenizer.json"), end), place)
    said = {
        "recipe": asdict(how) | {"start": str(start)},
        "shape": asdict(shape) | {"parameters": shape.parameters},
        "tokens": {"train": len(tokens), "seen": how.steps * how.batch * shape.context},
        "loss": {"first": model.losses[0], "last": float(np.mean(model.losses[-20:]))} if model.losses else {},
        "bits_per_byte": _judged(model, tokenizer, end, home, index, held_out),
        "cost": model.cost,
    }
    write_json(place / SAID, said)
    state.unlink(missing_ok=True)
    return said | {"model": str(place)}


def _recipe(recipe: GptRecipe | None, sizes: Mapping[str, Any]) -> GptRecipe:
    known = set(GptRecipe.__dataclass_fields__)
    for name in sorted(set(sizes) - known):
        raise OptionError.unknown("setting of a training", name, known, "train_language_model")
    how = replace(recipe or GptRecipe(), **sizes)
    if how.steps < 1 or how.batch < 1 or not how.learning_rate > 0:
        raise OptionError(
            f"steps, batch and learning rate must be above 0, but are {how.steps}, {how.batch} and {how.learning_rate}",
            "Correct them",
        )
    return how


def _shards(run: Path) -> tuple[Path, dict[str, Any]]:
    """The folder of the shards and what they say of themselves."""
    for home in (run / SHARDS, run):
        if (home / "index.json").exists():
            return home, read_json(home / "index.json")
    raise InputError(
        f"{run} has no training shards" + ("" if run.is_dir() else ": there is no such folder"),
        "Make them with karat clean DATA --shards",
    )


def _tokens(home: Path, split: str, index: Mapping[str, Any]) -> np.ndarray:
    path = home / "bin" / f"{split}.bin"
    if not path.exists():
        raise InputError(f"{home} has no shards in the format bin", 'Name it in [prepare] shard_formats = ["bin"]')
    kind = np.dtype(index["dtype"])
    return np.memmap(path, kind, mode="r") if path.stat().st_size else np.zeros(0, kind)


def _state(home: Path, learner: SmallGPT, seed: int, start: str, tokens: np.ndarray) -> Path:
    """Where this very training keeps its state: another one has another name."""
    asked = json.dumps([asdict(learner), seed, start, len(tokens), tokens[:: max(1, len(tokens) // 4_096)].tolist()])
    work = home.parent / ".work"
    work.mkdir(parents=True, exist_ok=True)
    return work / f"gpt-{hashlib.blake2b(asked.encode(), digest_size=8).hexdigest()}.state"


def _judged(
    model: FittedGPT,
    tokenizer: Any,
    end: int,
    home: Path,
    index: Mapping[str, Any],
    held_out: Sequence[str | Path],
) -> dict[str, Any]:
    """Bits per byte of each held-out set."""
    from karat.flow.loading import documents

    sets: dict[str, tuple[list[np.ndarray], np.ndarray]] = {}
    own = _tokens(home, LEARNED, index)
    if len(own):
        parts = np.split(own, np.flatnonzero(own == end) + 1)
        parts = [part[:-1] for part in parts if len(part) > 1][:MOST_JUDGED]
        sizes = [len(tokenizer.decode(part.tolist(), skip_special_tokens=False).encode()) for part in parts]
        sets[LEARNED] = (parts, np.array(sizes))
    for data in held_out:
        texts = documents(data)[0].to_pylist()
        chosen = np.sort(np.random.default_rng(0).permutation(len(texts))[:MOST_JUDGED])
        some = [texts[at] for at in chosen]
        tokens, ends = encoded(tokenizer, some)
        pieces = [tokens[ends[at] : ends[at + 1]] for at in range(len(some))]
        sets[str(data)] = (pieces, np.array([len(text.encode()) for text in some]))
    return {name: _bits(model, pieces, sizes, end) for name, (pieces, sizes) in sets.items() if len(pieces)}


def _bits(model: FittedGPT, pieces: list[np.ndarray], sizes: np.ndarray, end: int) -> dict[str, float]:
    """Bits over bytes, with the interval of a ratio (linearised; a document is one draw)."""
    spent = model.bits(pieces, end)
    value = float(spent.sum() / max(1, sizes.sum()))
    apart = spent - value * sizes
    wide = 1.96 * float(np.sqrt((apart**2).sum())) / max(1, int(sizes.sum())) if len(pieces) > 1 else float("inf")
    return {
        "value": value,
        "low": value - wide,
        "high": value + wide,
        "documents": len(pieces),
        "bytes": int(sizes.sum()),
    }


def completer(folder: Path, name: str) -> Completer:
    """The model of a folder, ready to complete prompts.

    Raises
    ------
    InputError
        Where its files are broken.
    """
    model, tokenizer = read_weights(folder), load_tokenizer(folder)
    return Completer(model.logits, tokenizer, model.shape.context, end_of(tokenizer), name)


def in_words(said: Mapping[str, Any]) -> list[str]:
    """What came of a training, for people."""
    shape, cost = said["shape"], said["cost"]
    seen = f"{said['tokens']['seen']:,} tokens seen of {said['tokens']['train']:,}"
    steps = f"{said['recipe']['steps']:,} steps in {cost['seconds']:,.0f} s"
    lines = [f"train      {shape['parameters']:,} weights · {seen} · {steps}"]
    for name, bits in said["bits_per_byte"].items():
        figure = f"{bits['value']:.4f} bits per byte  95 % [{bits['low']:.4f}, {bits['high']:.4f}]"
        lines.append(f"evaluate   {figure} on {name} ({bits['documents']:,} documents)")
    return [*lines, f"model      {said['model']} → karat serve {said['model']}"]
