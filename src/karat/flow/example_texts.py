"""What a user's own texts say of documents: test sets they may not hold, and good and bad examples."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.errors import InputError

OVERLAP, TEST_ROW, QUALITY = "test_overlap", "test_row", "quality"


def scored(texts: pa.Array, how: Mapping[str, Any]) -> dict[str, Any]:
    """How much of a test text each document holds, and how good it is; nothing where no such files are named.

    Raises
    ------
    InputError
        A file holds no text, or too few examples.
    """
    scores: dict[str, Any] = {}
    if how["test_sets"]:
        overlaps = _tests(tuple(how["test_sets"])).find(texts)
        share, row = np.zeros(len(texts)), np.full(len(texts), -1, np.int64)
        rows, overlap = overlaps["row"].to_numpy(), overlaps["overlap"].to_numpy()
        order = np.argsort(overlap, kind="stable")  # the widest overlap is written last
        share[rows[order]] = overlap[order]
        row[rows[order]] = overlaps["test_row"].to_numpy()[order]
        scores |= {OVERLAP: share, TEST_ROW: row}
    if how["good"]:
        scores[QUALITY] = _classifier(how["good"], how["bad"]).score(texts)
    elif how["quality_model"]:
        scores[QUALITY] = _quality_model(how["quality_model"], how["quality_label"]).score(texts)
    return scores


@cache
def _tests(files: tuple[str, ...]) -> Any:
    from karat.quality.contamination import TestSet

    return TestSet.of(read_texts(files))


@cache
def _classifier(good: str, bad: str) -> Any:
    from karat.clean.quality_classifier import train

    return train(read_texts([good]), read_texts([bad]))


@cache
def _quality_model(path: str, label: str) -> Any:
    from karat.clean.quality_models import load_quality_model

    return load_quality_model(path, label)


def read_texts(files: Sequence[str]) -> pa.Array:
    """All texts of some files."""
    from karat.collect.file_pieces import pieces
    from karat.collect.piece_reader import read

    parts = [pa.array([], pa.large_string())]
    for file in files:
        for piece in pieces(file):
            table = read(piece).table
            parts.append(table.column(piece.text).combine_chunks().cast(pa.large_string()).drop_null())
    whole = pa.concat_arrays(parts)
    if not len(whole):
        raise InputError(f"{', '.join(files)} hold no texts", "Name files that hold some")
    return whole
