"""Lines and paragraphs that stand in many texts: menus, footers, notices of cookies and rights."""

from typing import Any

import numpy as np
import pyarrow as pa

from karat.clean.duplicate_pairs import first_of_each
from karat.clean.signatures import as_arrow, stretches
from karat.core.errors import OptionError

UNITS = ("line", "paragraph")


def repeated_lines(
    texts: Any, unit: str = "line", min_texts: int = 10, min_characters: int = 10, keep_first: bool = True
) -> pa.Table:
    r"""Where lines (or paragraphs) stand that occur in many texts.

    What a site prints on every page is learned by heart, and is not what the page says. Lines are compared without the
    white space at their ends.

    Parameters
    ----------
    texts : list of str, or Arrow string array, shape (n,)
    unit : {"line", "paragraph"}
        A paragraph ends with a blank line.
    min_texts : int
        Different texts in which a line must occur, 2 or more.
    min_characters : int
        Shorter lines are left alone: closing brackets, answers in a word.
    keep_first : bool
        The first text that has the line keeps it.

    Returns
    -------
    pyarrow.Table
        ``row`` int64, ``span_start``, ``span_end`` int64 (characters, the line break included), ``texts`` int64 (in
        how many the line occurs), ``keeper`` int64 (the first of them), sorted by row and span.

    Raises
    ------
    InputError, OptionError
        These are not texts; an option is not one of the above.

    Examples
    --------
    >>> pages = [f"Accept all cookies?\npage {n} says this" for n in range(3)]
    >>> repeated_lines(pages, min_texts=3).select(["row", "span_start", "span_end"]).to_pylist()
    [{'row': 1, 'span_start': 0, 'span_end': 20}, {'row': 2, 'span_start': 0, 'span_end': 20}]

    Source: Wenzek et al. (2020), CCNet; Penedo et al. (2023), The RefinedWeb dataset.
    """
    if unit not in UNITS:
        raise OptionError.unknown("unit", unit, UNITS, "unit")
    hashes, row, span = _lines(texts, unit == "paragraph", min_characters)
    first = first_of_each(hashes)
    newly = np.ones(len(first), bool)  # a text counts once, however often it has the line
    order = np.lexsort((row, first))
    newly[order[1:]] = (first[order][1:] != first[order][:-1]) | (row[order][1:] != row[order][:-1])
    count = np.bincount(first[newly], minlength=len(first))[first]
    hit = count >= max(2, min_texts)
    if keep_first:
        hit &= row != row[first]
    names = ("row", "span_start", "span_end", "texts", "keeper")
    parts = (row, span[:, 0], span[:, 1], count, row[first])
    return pa.table({name: np.ascontiguousarray(part[hit], np.int64) for name, part in zip(names, parts, strict=True)})


def _lines(texts: Any, paragraphs: bool, fewest: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hash, text and span of every line that is long enough."""
    from karat.kernels.repeats import count_lines, hash_lines

    parts: list[tuple[np.ndarray, ...]] = [(np.empty((0, 2), np.uint64), np.empty(0, int), np.empty((0, 2), int))]
    begin = 0
    for part in stretches(as_arrow(texts), folding=False):
        ends = np.where(part.valid, part.ends, part.starts)
        room = count_lines(part.bytes, part.starts, ends)
        out = (np.empty((room, 2), np.uint64), np.empty(room, np.int64), np.empty((room, 2), np.int64))
        size = hash_lines(part.bytes, part.starts, ends, paragraphs, fewest, out)
        parts.append((out[0][:size], out[1][:size] + begin, out[2][:size]))
        begin += len(part.starts)
    hashes, row, span = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return hashes, row, span
