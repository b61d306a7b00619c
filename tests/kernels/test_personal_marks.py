"""Mail addresses and runs of digits in one pass, held to the expressions they stand for."""

import random
import re

import numpy as np

from karat.kernels.personal_marks import MAIL, NUMBER, marks
from karat.quality.confidentiality.entities import ENTITIES


def found(texts, room=10_000):
    data = [text.encode() for text in texts]
    offsets = np.concatenate([[0], np.cumsum([len(part) for part in data])]).astype(np.int64)
    out = np.full((room, 4), -1, np.int64)
    count = marks(np.frombuffer(b"".join(data) or b"\0", np.uint8), offsets, out)
    return count, out[: min(count, room)]


def spans(texts, kind):
    _, out = found(texts)
    return [tuple(row) for row in out[out[:, 1] == kind][:, [0, 2, 3]].tolist()]


def test_addresses_are_those_of_the_expression():
    draw = random.Random(5)
    texts = ["".join(draw.choice("abz09.-_@%+ é汉") for _ in range(draw.randint(0, 200))) for _ in range(3_000)]
    texts += [
        "a@b.cn",
        "x" * 70 + "@b.cn",
        f"a@{'b' * 70}.cn",
        "a@b.c",
        "a@b.co9",
        "a@b.co-9",
        "@b.cn",
        "汉a@b.cn.",
        "a@b.cn@c.de",
    ]
    wanted = []
    for row, text in enumerate(texts):
        at = 0
        while match := ENTITIES["e-mail"].pattern.search(text, at):
            wanted.append((row, match.start(), match.end()))
            at = match.end()
    assert len(wanted) > 20
    assert spans(texts, MAIL) == wanted


def test_runs_hold_seven_digits():
    texts = ["call 555-1234 now", "12 34 56", "é汉 (020) 7946 0018.", "1234567", "no"]
    assert [(row, texts[row][start:end].strip(" .")) for row, start, end in spans(texts, NUMBER)] == [
        (0, "555-1234"),
        (2, "020) 7946 0018"),
        (3, "1234567"),
    ]
    assert all(len(re.findall(r"\d", texts[row][start:end])) >= 7 for row, start, end in spans(texts, NUMBER))


def test_what_finds_no_room_is_counted():
    texts = ["a@b.cn and c@d.cn"] * 10
    count, out = found(texts, room=5)
    assert (count, len(out)) == (20, 5)
