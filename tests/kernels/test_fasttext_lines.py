"""Hashes and rows as fastText's program has them."""

import numpy as np
import pytest

from karat.kernels.fasttext_lines import hashed, is_end, place_of, word_table


@pytest.mark.parametrize(("word", "value"), [("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968)])
def test_plain_words_have_the_published_hash(word, value):
    data = np.frombuffer(word.encode() or b"\0", np.uint8)
    assert hashed(data, 0, len(word)) == value


def test_bytes_beyond_ascii_count_as_signed_numbers():
    data = np.frombuffer("é".encode(), np.uint8)
    value = 0x811C9DC5
    for byte in data.tolist():
        value = ((value ^ (byte - 256 & 0xFFFFFFFF)) * 16777619) & 0xFFFFFFFF
    assert hashed(data, 0, 2) == value


def test_every_word_is_found_again_and_others_are_not():
    words = [f"word{at}".encode() for at in range(500)]
    offsets = np.cumsum([0, *map(len, words)])
    data = np.frombuffer(b"".join(words), np.uint8)
    table = word_table(data, offsets)
    for at, word in enumerate([*words, b"nothing"]):
        letters = np.frombuffer(word, np.uint8)
        place = place_of(letters, 0, len(word), hashed(letters, 0, len(word)), (data, offsets, table))
        assert place == (at if at < len(words) else -1)


def test_the_sign_of_the_end():
    assert is_end(np.frombuffer(b"</s>", np.uint8), 0, 4)
    assert not is_end(np.frombuffer(b"</b>", np.uint8), 0, 4)
