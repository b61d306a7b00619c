"""Texts as the kernels take them."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def packed():
    """A function from texts to their bytes, one after the other, and their offsets."""

    def pack(*texts):
        parts = [text.encode() for text in texts]
        offsets = np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)
        return np.frombuffer(b"".join(parts) or b"\0", np.uint8), offsets

    return pack


@pytest.fixture(scope="session")
def characters():
    """A function from a text to the codes and the classes of its characters."""
    from karat.kernels.text_classes import ASTRAL_HAN, SIZE, character_classes

    def read(text):
        codes = np.array([ord(sign) for sign in text], np.int64)
        flags = [int(character_classes()[code]) if code < SIZE else ASTRAL_HAN for code in codes]
        return codes, np.array(flags, np.int64)

    return read


@pytest.fixture(scope="session")
def words_of(packed):
    """A function from a text to its words, as the kernels cut them."""
    from itertools import pairwise

    from karat.kernels.text_columns import AT, COLUMNS
    from karat.kernels.text_statistics import bench_for, measure_part

    def cut(text):
        buf, offsets = packed(text)
        bench, out = bench_for(len(buf)), np.zeros((1, len(COLUMNS)), np.int64)
        measure_part(buf, offsets, 0, 1, bench, out)
        ends, letters = bench.ends[: out[0, AT["words"]] + 1].tolist(), "".join(text.split())
        return [letters[low:high] for low, high in pairwise(ends)]

    return cut


@pytest.fixture(scope="session")
def counted(packed):
    """A function from a text to its statistics by name."""
    from karat.kernels.text_columns import COLUMNS
    from karat.kernels.text_statistics import measure

    def count(text):
        return dict(zip(COLUMNS, measure(*packed(text), 1)[0].tolist(), strict=True))

    return count
