"""Shingles in machine code beside the same thing in plain Python."""

import random
import re

import numpy as np
import pyarrow as pa
import pytest

from karat.clean.duplicate_pairs import shingle_sets
from karat.clean.signatures import sign

CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def plain(text: str) -> set[tuple[str, ...]]:
    head = re.findall(r"\w", text[:2000])
    by_character = bool(head) and len(CJK.findall(text[:2000])) >= 0.3 * len(head)
    items = list(re.sub(r"\s+", "", text)) if by_character else re.findall(r"\w+", text.lower())
    if not items:
        items = [re.sub(r"\s+", "", text)]
    return {tuple(items[i : i + 5]) for i in range(max(1, len(items) - 4))}


def made_texts(seed: int, size: int) -> list[str]:
    chance = random.Random(seed)
    alphabets = [
        "ab cd_e",
        "aB éÉ Ωσ Σ",
        "天地玄黄宇宙，。　",
        "a天 b地",
        "1 2½ ²x",
        "İI ßẞ",
        "\u2028 \u00a0x\u3000y",
        "😀 k𝐀",
        "קל ب",
    ]
    return ["".join(chance.choices(chance.choice(alphabets), k=chance.randrange(60))) for _ in range(size)]


def sets_of(texts: list[str]) -> list[frozenset[int]]:
    values, begins, counts = shingle_sets(texts, sign(texts).shingles, 1)
    return [frozenset(values[b : b + c].tolist()) for b, c in zip(begins, counts, strict=True)]


@pytest.mark.parametrize("seed", range(4))
def test_the_same_texts_share_the_same_shingles_as_in_plain_python(seed):
    texts = [t for t in made_texts(seed, 120) if t]
    ours, theirs = sets_of(texts), [plain(t) for t in texts]
    for i in range(len(texts)):
        assert len(ours[i]) == len(theirs[i]), texts[i]
        for j in range(i):
            told = (len(ours[i] & ours[j]), len(ours[i] | ours[j]))
            assert told == (len(theirs[i] & theirs[j]), len(theirs[i] | theirs[j])), (texts[i], texts[j])


def test_the_script_is_told_from_the_first_two_thousand_characters():
    head, tail = "一二三四五六七八九十" * 200, "one two three four five six seven " * 2000
    assert len(sets_of([head + tail])[0]) == len(plain(head + tail))
    assert len(sets_of([tail + head])[0]) == len(plain(tail + head))


@pytest.mark.parametrize("share", [29, 30, 31])
def test_thirty_in_a_hundred_letters_make_a_text_one_of_characters(share):
    text = " ".join("天" * share + "x" * (100 - share))
    assert len(sets_of([text])[0]) == len(plain(text))


def test_bytes_that_are_not_utf8_break_nothing():
    raw = pa.array([b"\xff\xfe abc", b"\xe4\xb8", b"\xf0\x9f", b"\xc3", b""], pa.binary())
    buffers = raw.buffers()
    texts = pa.StringArray.from_buffers(len(raw), buffers[1], buffers[2])
    assert sign(texts).shingles.tolist() == [1] * 5


def test_slices_and_chunks_are_read_where_they_lie():
    texts = [f"text number {i} of a few more words" for i in range(20)]
    whole = pa.array(texts)
    cut = pa.chunked_array([whole.slice(3, 5), whole.slice(0, 3), pa.array(["x"]).slice(1)])
    assert np.array_equal(sign(cut).bands, sign(texts[3:8] + texts[:3]).bands)
