"""Text as the vectors that a Hugging Face model, given as a local folder, makes of it."""

from dataclasses import dataclass
from functools import lru_cache
from threading import RLock
from typing import Any, ClassVar

import numpy as np
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import InputError, MachineError
from karat.core.local_model import encoder_digest
from karat.core.release import install
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Transform
from karat.prepare.columns import Positions

MOST_TOKENS = 256  # of a text; the rest is not read; cost: more hears a text's end and takes longer
BATCH = 32  # cost: memory
DIGITS = 4  # sums in another batch differ in later ones; cost: later digits are lost
ONCE = RLock()  # folds on several threads ask for the same vectors; the second waits for the first


@dataclass(frozen=True)
class SentenceVectors(Transform):
    """A text column as the mean of the last hidden states of a local Hugging Face encoder, scaled.

    The model is read from its folder and from nowhere else, used as it is, and not tuned: a linear model learns on its
    vectors. Slower than runs of characters by a factor of a hundred and more without a GPU, and worth trying where
    labels are few. Needs the extra ``torch``.

    Source: Reimers & Gurevych (2019), Sentence-BERT, for the mean over tokens.

    Parameters
    ----------
    column : str
        A column of texts.
    folder : str
        A folder with ``config.json``, weights and tokenizer, as ``save_pretrained`` writes them.
    """

    roles: ClassVar[frozenset[Role]] = frozenset({Role.TEXT})
    ways: ClassVar[frozenset[str]] = frozenset({"vectors"})

    column: str
    folder: str

    @classmethod
    def of(cls, column: Column, schema: Schema, way: str) -> Transform | None:
        """With the model that leads by its folder."""
        return cls(column.name, schema.learner) if way in cls.ways and column.role in cls.roles else None

    def read(self, block: Block) -> None:
        vectors(block, self.column, self.folder)

    def fit(self, train: Block, positions: Positions = None) -> "FittedVectors":
        """Mean and spread of each dimension over the records at the positions."""
        values = vectors(train, self.column, self.folder)
        values = values if positions is None else values[positions]
        spread = values.std(axis=0) + np.float32(1e-6)
        return FittedVectors(
            self.column, self.folder, values.mean(axis=0), spread * np.sqrt(np.float32(values.shape[1]))
        )


@dataclass(frozen=True)
class FittedVectors:
    """Where the model lies, and what its dimensions (d,) are moved and divided by; rows then have length 1 or so."""

    column: str
    folder: str
    mean: np.ndarray
    spread: np.ndarray

    @property
    def width(self) -> int:
        """Number of features."""
        return len(self.mean)

    @property
    def names(self) -> tuple[str, ...]:
        """``column:dimension``."""
        return tuple(f"{self.column}:{at}" for at in range(self.width))

    def apply(self, block: Block, positions: Positions = None) -> np.ndarray:
        """Features (n, d) float32; a missing text is read as an empty one."""
        values = vectors(block, self.column, self.folder)
        values = values if positions is None else values[positions]
        return np.asarray((values - self.mean) / self.spread, np.float32)


def vectors(block: Block, column: str, folder: str) -> np.ndarray:
    """The model's vector of every text of a block (n, d) float32; each distinct text is read once."""

    def make() -> np.ndarray:
        texts = pc.fill_null(block.text(column), "").dictionary_encode()
        return _of_texts(texts.dictionary.to_pylist(), folder)[np.asarray(texts.indices)]

    with ONCE:
        return block.memo(("prepare", "vectors", column, folder), make)


def _of_texts(texts: list[str], folder: str) -> np.ndarray:
    tokenizer, model = _loaded(folder, encoder_digest(folder))
    import torch

    most = min(MOST_TOKENS, int(getattr(model.config, "max_position_embeddings", MOST_TOKENS)) - 2)
    token_ids = [tokenizer(text, truncation=True, max_length=most)["input_ids"] for text in texts]
    out = np.zeros((len(texts), model.config.hidden_size), np.float32)
    order = sorted(range(len(texts)), key=lambda at: len(token_ids[at]))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # sums in one order, whatever the cores
    try:
        for start in range(0, len(order), BATCH):
            some = order[start : start + BATCH]
            longest = max(1, *(len(token_ids[at]) for at in some))
            tokens, mask = np.zeros((2, len(some), longest), np.int64)
            for row, at in enumerate(some):
                tokens[row, : len(token_ids[at])], mask[row, : len(token_ids[at])] = token_ids[at], 1
            with torch.inference_mode():
                said = model(input_ids=torch.from_numpy(tokens), attention_mask=torch.from_numpy(mask))
            states, there = said.last_hidden_state.float().numpy(), mask[..., None].astype(np.float32)
            out[some] = (states * there).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    finally:
        torch.set_num_threads(threads)
    return np.round(out, DIGITS)


@lru_cache(maxsize=1)
def _loaded(folder: str, digest: str) -> tuple[Any, Any]:
    """The tokenizer and the model of a folder whose files have this digest."""
    try:
        import torch  # noqa: F401
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging
    except ImportError as error:
        raise MachineError(
            f"the model {digest} in {folder} needs PyTorch and transformers: {error}", install("torch")
        ) from None
    logging.disable_progress_bar()
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model = AutoModel.from_pretrained(folder, local_files_only=True).eval()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        why = str(error).split("\n", maxsplit=1)[0][:200]
        raise InputError(f"{folder} is not a Hugging Face model: {why}", "Write one with save_pretrained") from None
    return tokenizer, model
