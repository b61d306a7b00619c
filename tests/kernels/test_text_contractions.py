import numpy as np
import pytest

from karat.kernels.text_contractions import (
    HINTS,
    MAX_BYTES,
    MAX_PIECES,
    SPECIAL_SIZE,
    hash_bytes,
    special_table,
    special_words,
)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("don't", "do|n't"), ("Don't", "Do|n't"), ("dont", "do|nt"), ("don’t", "do|n’t"), ("can't", "ca|n't"),
        ("won't", "wo|n't"), ("wouldn't've", "would|n't|'ve"), ("could've", "could|'ve"), ("I'm", "I|'m"),
        ("i'ma", "i|'m|a"), ("Im", "I|m"), ("we'll", "we|'ll"), ("they'd've", "they|'d|'ve"), ("you're", "you|'re"),
        ("he's", "he|'s"), ("who's", "who|'s"), ("whats", "what|s"), ("these'll", "these|'ll"), ("isn't", "is|n't"),
        ("doin'", "doin'"), ("goin", "goin"), ("'cause", "'cause"), ("9am", "9|am"), ("12p.m.", "12|p.m."), ("z.", "z."),
        ("°C.", "°|C|."), ("Mr.", "Mr."), ("and/or", "and/or"), (":-)", ":-)"), ("cannot", "can|not"), ("Gonna", "Gon|na"),
        ("y'all", "y'|all"), ("let's", "let|'s"), ("¯\\(ツ)/¯", "¯\\(ツ)/¯"),
    ],
)  # fmt: skip
def test_how_special_texts_are_cut(text, pieces):
    assert special_words()[text] == tuple(pieces.split("|"))


@pytest.mark.parametrize(
    "text",
    ["ill", "Its", "hell", "shell", "shed", "were", "well", "whore", "13am", "thats've", "thisve", "these's", "0am"],
)
def test_what_is_not_special(text):
    assert text not in special_words()


def test_pieces_make_up_their_text_and_fit_the_table():
    for text, pieces in special_words().items():
        assert "".join(pieces) == text
        assert 0 < len(pieces) <= MAX_PIECES
        assert all(pieces)
        assert len(text.encode()) <= MAX_BYTES
    assert len(special_words()) < SPECIAL_SIZE / 2


def test_every_special_text_is_found_in_the_table_and_no_other():
    keys, pieces = special_table()

    def place(text):
        key = hash_bytes(text.encode())
        spread = key ^ (key >> 32)
        if not int(keys[(spread >> 6) & (HINTS - 1)]) >> (spread & 63) & 1:
            return None
        at = spread & (SPECIAL_SIZE - 1)
        while keys[HINTS + at]:
            if int(keys[HINTS + at]) == key:
                return at
            at = (at + 1) & (SPECIAL_SIZE - 1)
        return None

    for text, cut in special_words().items():
        lengths = pieces[place(text)]
        assert lengths.tolist() == [len(piece) for piece in cut] + [0] * (MAX_PIECES - len(cut))
    assert [text for text in ("", "ill", "hello", "donut", "xyz") if place(text) is not None] == []
    assert np.count_nonzero(keys[HINTS:]) == len(special_words())


def test_hashes_look_at_every_byte_and_the_length():
    texts = [b"a" * size for size in range(1, 33)]
    assert len({hash_bytes(text) for text in [b"", *texts]}) == 33
    for size in (3, 4, 7, 8, 9, 16, 17, 24):
        plain = bytes(range(size))
        changed = {hash_bytes(plain[:at] + b"\xff" + plain[at + 1 :]) for at in range(size)}
        assert len(changed | {hash_bytes(plain)}) == size + 1


def test_the_kernels_hash_as_python_does():
    from numba import njit

    from karat.kernels.text_compiled import pointer
    from karat.kernels.text_words import hashed

    @njit
    def inside(buf, start, end):
        return hashed(pointer(buf), start, end)

    data = np.random.default_rng(0).integers(0, 256, 64).astype(np.uint8)
    for size in range(34):
        assert int(inside(data, 3, 3 + size)) == hash_bytes(data[3 : 3 + size].tobytes())
