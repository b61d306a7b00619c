"""How strange documents are to a language model of the user's own good texts: the rule of perplexity."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import InputError
from karat.flow.example_texts import read_texts
from karat.quality.text_rules import numbers_of, scripts

BITS, LIMIT = "bits_per_byte", "most_bits_per_byte"
# cost: of a document that are judged: the limits come from stretches of the same length; more take more time
SHOWN_BYTES = 4_096
LEAST_BYTES = 200  # unproven: a shorter text says little of itself; lower judges more texts, less surely
MOST_BYTES = 8 << 20  # cost: of examples that are learned from
FEWEST = 30  # unproven: held-out examples of a script, from which on it has a limit; fewer tell the limit badly
HELD_OUT = 5  # Breiman & Spector (1992): every so many-th example is held out, to draw the limits
KEPT = 0.99  # definition: share of the examples that their own limit keeps; lower drops more, good ones too


def judged(texts: pa.Array, stats: pa.Table, how: Mapping[str, Any]) -> dict[str, Any]:
    """Bits per byte of each document, and the most that documents of its script may need; NaN where nothing is said.

    Parameters
    ----------
    stats : pyarrow.Table
        Their statistics, as ``rules.statistics`` names them.
    how : mapping
        ``usual``: the file of good texts, "" for none.

    Raises
    ------
    InputError
        The file holds too few texts.
    """
    if not how["usual"]:
        return {}
    model, limits = _learned(how["usual"])
    bits = _bits(model, texts)
    written = _scripts(stats)
    most = np.array([limits.get(script, np.nan) for script in written.tolist()], np.float64)
    return {BITS: bits, LIMIT: most}


def _scripts(stats: pa.Table) -> np.ndarray:
    plain = stats.rename_columns([name.rpartition(".")[2] for name in stats.column_names])
    return scripts(numbers_of(plain.select(["letters", "han", "kana", "latin"])))


def _bits(model: Any, texts: pa.Array) -> np.ndarray:
    shown = _shown(texts)
    size = np.asarray(pc.binary_length(shown)).astype(np.float64)
    spent: np.ndarray = model.bits(shown)
    return np.where(size >= LEAST_BYTES, spent / np.maximum(size, 1), np.nan)


def _shown(texts: pa.Array) -> pa.Array:
    return pc.utf8_slice_codeunits(pc.fill_null(texts, ""), 0, SHOWN_BYTES)


@cache
def _learned(file: str) -> tuple[Any, dict[str, float]]:
    """The model, and the limit of each script that enough examples are written in."""
    from karat.quality.text_family import text_scores
    from karat.train.ngram_language_model import NgramLanguageModel

    texts = read_texts([file])
    sizes = np.minimum(np.asarray(pc.binary_length(texts)), 4 * SHOWN_BYTES)
    texts = texts.slice(0, int(np.searchsorted(np.cumsum(sizes), MOST_BYTES)) + 1)
    held_out = np.arange(len(texts)) % HELD_OUT == 0
    tests = texts.filter(pa.array(held_out))
    model = NgramLanguageModel().fit(_shown(texts.filter(pa.array(~held_out))))
    bits, written = _bits(model, tests), _scripts(text_scores(tests, 1))
    limits = {}
    for script in sorted(set(written.tolist())):
        some = bits[(written == script) & np.isfinite(bits)]
        if len(some) >= FEWEST:
            limits[script] = float(np.quantile(some, KEPT))
    if not limits:
        raise InputError(
            f"{file} has {len(texts)} texts, too few to tell what is usual",
            f"Give at least {FEWEST * HELD_OUT} texts of {LEAST_BYTES} bytes or more as [clean] usual",
        )
    return model, limits
