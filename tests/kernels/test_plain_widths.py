"""Full-width signs become the plain ones at the same places."""

import itertools
import random

import numpy as np

from karat.kernels.plain_widths import plain_widths

TABLE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def plain(texts):
    data = [text.encode() for text in texts]
    offsets = np.concatenate([[0], np.cumsum([len(part) for part in data])]).astype(np.int64)
    out, ends = np.zeros(offsets[-1] + 1, np.uint8), np.empty_like(offsets)
    plain_widths(np.frombuffer(b"".join(data) + b"\0", np.uint8), offsets, out, ends)
    return [out[begin:end].tobytes().decode() for begin, end in itertools.pairwise(ends)]


def test_every_full_width_sign_and_no_other():
    signs = [chr(code) for code in range(0x20, 0x1_1000) if not 0xD800 <= code < 0xE000]
    assert plain([f"！{sign}" for sign in signs]) == [f"!{sign.translate(TABLE)}" for sign in signs]


def test_a_text_without_full_width_signs_stays_as_it_is():
    assert plain(["wide\u3000blank", "", "，\u3000é汉", "a"]) == ["wide\u3000blank", "", ", é汉", "a"]


def test_texts_of_any_signs():
    draw = random.Random(3)
    texts = [
        "".join(draw.choice("ab1，。＠ＡＺｚ～｟\u3000é汉\U0001f600") for _ in range(draw.randint(0, 30)))
        for _ in range(500)
    ]
    wanted = [text.translate(TABLE) if any(0xFF01 <= ord(sign) <= 0xFF5E for sign in text) else text for text in texts]
    assert plain(texts) == wanted
