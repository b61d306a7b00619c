"""Text classifiers of Hugging Face's library in a local folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.errors import InputError, MissingExtraError
from karat.quality.text_bytes import text_array

MOST_TOKENS = 512  # cost: of a text; encoders of this kind rarely take more
BATCH = 32  # cost: texts at once


@dataclass(frozen=True, eq=False)
class ClassifierFolder:
    """A sequence classifier and its tokenizer.

    Parameters
    ----------
    model, tokenizer : objects of ``transformers``
    labels : tuple of str
        Of its classes; one alone for a model that answers with a number.
    """

    model: Any
    tokenizer: Any
    labels: tuple[str, ...]

    def probabilities(self, texts: Sequence[str | None] | pa.Array | pa.ChunkedArray) -> np.ndarray:
        """(n, labels) float64: probabilities, or the number that a model with one output answers with."""
        import torch

        column = text_array(texts).fill_null("")
        parts = [np.zeros((0, len(self.labels)))]
        with torch.inference_mode():
            for begin in range(0, len(column), BATCH):
                some = column.slice(begin, BATCH).to_pylist()
                read = self.tokenizer(some, truncation=True, max_length=MOST_TOKENS, padding=True, return_tensors="pt")
                answer = self.model(**read).logits.float()
                parts.append((answer if len(self.labels) == 1 else answer.softmax(-1)).numpy().astype(np.float64))
        return np.concatenate(parts)

    @classmethod
    def read(cls, path: str | Path) -> "ClassifierFolder":
        """The classifier of a folder; nothing is fetched.

        Raises
        ------
        MissingExtraError
            torch or transformers is not installed.
        InputError
            The folder holds no such model.
        """
        try:
            from transformers import AutoModelForSequenceClassification, AutoTokenizer
        except ImportError as error:
            raise MissingExtraError(
                f"{path} is a Hugging Face classifier, and transformers is not installed",
                'Install it: pip install "karat-data[torch]"',
            ) from error
        try:
            model = AutoModelForSequenceClassification.from_pretrained(path, local_files_only=True).eval()
            tokenizer = AutoTokenizer.from_pretrained(path, local_files_only=True)
        except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
            reason = str(error).strip().split("\n")[0][:120]
            raise InputError(f"{path} holds no text classifier ({reason})", "Name the folder of one") from error
        names = model.config.id2label
        return cls(model, tokenizer, tuple(str(names[at]) for at in range(model.config.num_labels)))
