"""The statistics of texts against plain Python."""

from collections import Counter

import numpy as np
import pytest

from karat.kernels.text_columns import COLUMNS, GRAMS, LONG_GRAMS
from karat.kernels.text_statistics import measure

ODD = [
    "",
    " ",
    "\n\n",
    "a",
    "\x00",
    "\ufeff",
    "é",
    "你好",
    "😀",
    "...",
    "[1]",
    "\r\n\r\n",
    "a\u2028b",
    "𠀀",
    "-" * 3000,
    "x." * 900,
]


def packed(texts):
    parts = [text.encode() for text in texts]
    offsets = np.zeros(len(parts) + 1, np.int64)
    offsets[1:] = np.cumsum([len(part) for part in parts])
    return np.frombuffer(b"".join(parts) or b"\0", np.uint8), offsets


def counted(text):
    buf, offsets = packed([text])
    return dict(zip(COLUMNS, measure(buf, offsets, 1)[0].tolist(), strict=True))


def naive(units, text):
    """Gopher's repetition, written down as the paper says it."""
    found = {}
    for n in GRAMS:
        grams = Counter(" ".join(units[at : at + n]) for at in range(len(units) - n + 1))
        top, times = grams.most_common(1)[0] if grams else ("", 0)
        found[f"word_top_{n}_characters"], found[f"word_top_{n}_count"] = len(top) * times, times
    for n in LONG_GRAMS:
        seen, repeated, at = set(), 0, 0
        while at + n <= len(units):
            gram = tuple(units[at : at + n])
            again = gram in seen
            seen.add(gram)
            repeated += len("".join(gram)) if again else 0
            at += n if again else 1
        found[f"word_repeated_{n}_characters"] = repeated
    return found


@pytest.mark.parametrize("vocabulary", [2, 4, 12, 300])
@pytest.mark.parametrize("size", [1, 3, 9, 40, 700])
def test_repetition_is_what_plain_python_finds(words_of, vocabulary, size):
    chance = np.random.default_rng([vocabulary, size])
    units = [f"w{'x' * (at % 5)}{at}é"[: 3 + at % 9] + "q" for at in chance.integers(0, vocabulary, size)]
    text = " ".join(units)
    assert words_of(text) == units
    assert naive(units, text).items() <= counted(text).items()


def test_lines_and_paragraphs():
    text = "one\ntwo\n\none\ntwo\n\n\nthree\ntwo"
    found = counted(text)
    assert (found["paragraphs"], found["repeated_paragraphs"], found["repeated_paragraph_characters"]) == (3, 1, 7)
    assert (found["runs"], found["repeated_runs"], found["repeated_run_characters"]) == (6, 3, 9)
    assert (found["lines"], found["full_lines"], found["full_short"]) == (9, 6, 6)
    assert (found["full_repeated_characters"], found["full_characters"], found["full_breaks"]) == (9, 20, 8)


@pytest.mark.parametrize("text", [*ODD, "a\rb\x0bc\x85d\u2029e\r\nf", "\n a\n", " \x1c b"])
def test_lines_and_spaces_are_those_of_python(text):
    found = counted(text)
    assert found["lines"] == len(text.splitlines())
    assert found["spaced_words"] == len(text.split())
    assert found["characters"] == len(text)
    assert found["longest_word"] == max(map(len, text.split()), default=0)


def test_letters_by_script():
    found = counted("Ab1 cé 中文 かな 한글 Ж!…")
    names = ("letters", "latin", "han", "kana", "hangul", "capitals", "digits", "marks", "ellipses")
    assert [found[name] for name in names] == [11, 4, 2, 2, 2, 2, 1, 2, 1]


def test_sentences_are_ended_by_marks_alone():
    assert counted("This is one. And here two! Why not three?")["c4_sentences"] == 3
    assert counted("Mr. Smith is one sentence here.")["c4_sentences"] == 1
    assert counted('He said "so." Then he left us.')["c4_sentences"] == 2


def test_a_line_without_its_citation_is_what_counts():
    found = counted("It is so here [12].\nIt is so here.\n[1] [2] [3]")
    assert (found["c4_lines"], found["edited_lines"]) == (3, 2)
    assert found["edited_repeated_characters"] == 0
    assert counted("It is so here.[12]\nIt is so here.")["edited_repeated_characters"] == 14


def test_workers_and_neighbours_change_nothing():
    chance = np.random.default_rng(5)
    texts = [*ODD, *(" ".join(chance.choice(["the", "of", "é.", "中文。", "a\n\nb"], 400)) for _ in range(1500))] * 2
    buf, offsets = packed(texts)
    one, two = measure(buf, offsets, 1), measure(buf, offsets, 2)
    assert np.array_equal(one, two)
    alone = [counted(text) for text in texts[:40]]
    assert [list(found.values()) for found in alone] == one[:40].tolist()
