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
