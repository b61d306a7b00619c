"""Long runs of words that stand more than once in a corpus, though their texts differ."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from karat.clean.duplicate_pairs import first_of_each
from karat.clean.signatures import Stretch, as_arrow, stretches
from karat.core.errors import OptionError

MIN_TOKENS = 50  # Lee et al. 2022
LEAST_BITS, MOST_BITS = 1 << 16, 1 << 31  # cost: of each of two tables


def repeated_substrings(texts: Any, min_tokens: int = MIN_TOKENS) -> pa.Table:
    """Where runs of at least so many tokens stand that occur earlier in the corpus.

    Tokens are words in lower case, or characters without white space where a text is written without spaces. Every
    run is found, as with a suffix array over all texts, in memory that grows with what repeats: a bit table of
    at most 512 MB leaves the windows that may occur twice, and two hashes of 64 bits tell which do. Each window keeps
    its first place whole; the spans cover the others.

    Parameters
    ----------
    texts : list of str, or Arrow string array, shape (n,)
    min_tokens : int
        Least length of a run, 2 or more.

    Returns
    -------
    pyarrow.Table
        ``row``, ``span_start``, ``span_end`` int64 (characters; up to the next token), ``tokens`` int64, ``keeper``
        int64 (the text that keeps the run), sorted by row and span.

    Raises
    ------
    InputError, OptionError
        These are not texts; ``min_tokens`` is less than 2.

    Examples
    --------
    >>> song = "ring a ring of roses a pocket full of posies"
    >>> repeated_substrings([song + " and down", "they sang: " + song + "!"], min_tokens=5).to_pylist()
    [{'row': 1, 'span_start': 11, 'span_end': 56, 'tokens': 10, 'keeper': 0}]

    Source: Lee et al. (2022), Deduplicating training data makes language models better.
    """
    if min_tokens < 2:
        raise OptionError(f"min_tokens is {min_tokens}, and must be at least 2", f"Use {MIN_TOKENS}")
    parts = list(stretches(as_arrow(texts)))
    hashes, place = _hits(parts, min_tokens)
    first = first_of_each(hashes)
    repeated = np.bincount(first, minlength=len(first))[first] > 1
    hashes, place, first = hashes[repeated], place[repeated], place[first[repeated]]
    later = (first != place).any(axis=1)
    columns: dict[str, list[int]] = {name: [] for name in ("row", "span_start", "span_end", "tokens", "keeper")}
    begin = 0
    for part in parts:
        here = (place[:, 0] >= begin) & (place[:, 0] < begin + len(part.starts))
        for row in np.unique(place[here & later, 0]):
            mine = slice(*np.searchsorted(place[:, 0], [row, row + 1]))
            for span in _cut(part, int(row) - begin, place[mine, 1], later[mine], first[mine, 0], min_tokens):
                for name, value in zip(columns, (int(row), *span), strict=True):
                    columns[name].append(value)
        begin += len(part.starts)
    return pa.table({name: pa.array(values, pa.int64()) for name, values in columns.items()})


def _hits(parts: list[Stretch], width: int) -> tuple[np.ndarray, np.ndarray]:
    """Windows that may occur twice: two hashes, and text and token where they begin; in the order of the corpus."""
    from karat.kernels.repeats import collect, mark
    from karat.kernels.shingles import letters

    wanted = 4 * sum(int((part.ends - part.starts).sum()) for part in parts)
    bits = min(MOST_BITS, max(LEAST_BITS, 1 << max(wanted - 1, 1).bit_length()))
    once, twice = np.zeros(bits // 64, np.uint64), np.zeros(bits // 64, np.uint64)
    spans = [(part.bytes, part.starts, np.where(part.valid, part.ends, part.starts)) for part in parts]
    for span in spans:
        mark(*span, *letters(), width, once, twice)
    windows = [(np.empty((0, 2), np.uint64), np.empty((0, 2), np.int64))]
    begin = 0
    for span in spans:
        arguments = (*span, *letters(), width, twice)
        room = collect(*arguments, np.empty((0, 2), np.uint64), np.empty((0, 2), np.int64))
        out, text = np.empty((room, 2), np.uint64), np.empty((room, 2), np.int64)
        collect(*arguments, out, text)
        text[:, 0] += begin
        windows.append((out, text))
        begin += len(span[1])
    hashes, place = (np.concatenate(columns) for columns in zip(*windows, strict=True))
    return hashes, place


def _cut(
    part: Stretch, at: int, begins: np.ndarray, later: np.ndarray, keeper: np.ndarray, width: int
) -> Iterator[tuple[int, int, int, int]]:
    """Spans of one text that later windows cover and first ones do not: start, end, tokens, keeper."""
    from karat.kernels.repeats import token_spans
    from karat.kernels.shingles import letters

    start, end = int(part.starts[at]), int(part.ends[at])
    where = np.empty(end - start + 2, np.int64)
    count = token_spans(part.bytes, start, end, letters()[0], where)
    covered = np.zeros(count + 1, np.int64)
    for sign, chosen in ((1, later), (-count - 1, ~later)):  # one first window outweighs all later ones
        np.add.at(covered, begins[chosen], sign)
        np.add.at(covered, begins[chosen] + width, -sign)
    inside = np.concatenate(([False], np.cumsum(covered)[:count] > 0, [False]))
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        nearest = np.searchsorted(begins[later], a, side="right") - 1
        yield int(where[a]), int(where[b]), b - a, int(keeper[later][max(nearest, 0)])
