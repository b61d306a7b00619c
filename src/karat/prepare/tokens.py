"""Texts as numbers: a byte-level BPE tokenizer, trained here or given, and the tokens of many texts at once."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from karat.core.errors import InputError, MachineError
from karat.core.release import install

END = "<|endoftext|>"  # stands after every document, as GPT-2 writes it
ENDS = (END, "</s>", "<eos>", "<|end_of_text|>", "<|im_end|>", "[SEP]")  # what others call it
VOCABULARY = 8_192  # cost: more makes texts shorter and models larger; [prepare] vocabulary says otherwise
AT_ONCE = 1_024  # texts; cost: memory


def train_tokenizer(texts: Iterable[str], vocabulary: int = VOCABULARY) -> Any:
    """A byte-level BPE tokenizer: no text is unknown to it, Chinese and emoji neither.

    Parameters
    ----------
    vocabulary : int
        Most tokens, 257 or more: 256 bytes and the end of a document.

    Source: Sennrich et al. (2016); bytes as in GPT-2.
    """
    library = _library()
    if vocabulary < 257:
        raise InputError(f"[prepare] vocabulary is {vocabulary}", "Use 257 or more")
    tokenizer = library.Tokenizer(library.models.BPE())
    tokenizer.pre_tokenizer = library.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = library.decoders.ByteLevel()
    alphabet = library.pre_tokenizers.ByteLevel.alphabet()
    trainer = library.trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=[END], initial_alphabet=sorted(alphabet), show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def load_tokenizer(path: str | Path) -> Any:
    """A tokenizer from ``tokenizer.json``, or from the folder it lies in."""
    library, place = _library(), Path(path)
    place = place / "tokenizer.json" if place.is_dir() else place
    try:
        return library.Tokenizer.from_file(str(place))
    except Exception as error:  # noqa: BLE001  the library raises no finer one
        raise InputError(f"{place} is not a tokenizer.json: {error}", "Give one of Hugging Face tokenizers") from None


def end_of(tokenizer: Any) -> int:
    """The token that ends a document. Raises InputError where the tokenizer has none."""
    for name in ENDS:
        token = tokenizer.token_to_id(name)
        if token is not None:
            return int(token)
    raise InputError(f"the tokenizer has no token that ends a document ({', '.join(ENDS)})", "Give one that has")


def width_of(tokenizer: Any) -> type[np.uint16] | type[np.uint32]:
    """The narrowest type that holds every token."""
    return np.uint16 if tokenizer.get_vocab_size() <= 1 << 16 else np.uint32


def encoded(tokenizer: Any, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """All tokens (n,) uint16 or uint32, and where each text begins (texts + 1,) int64; without end tokens."""
    parts: list[np.ndarray] = []
    for first in range(0, len(texts), AT_ONCE):
        encodings = tokenizer.encode_batch_fast(list(texts[first : first + AT_ONCE]), add_special_tokens=False)
        parts += [np.array(encoding.ids, width_of(tokenizer)) for encoding in encodings]
    bounds = np.cumsum([0, *(len(part) for part in parts)]).astype(np.int64)
    return np.concatenate([np.zeros(0, width_of(tokenizer)), *parts]), bounds


def _library() -> Any:
    try:
        import tokenizers
    except ImportError:
        raise MachineError("the package tokenizers is not installed", install("text")) from None
    return tokenizers
