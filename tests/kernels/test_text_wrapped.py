"""Wrapped lines joined, heads of messages left out."""

import numpy as np
import pytest

from karat.kernels.text_wrapped import joined

LONG = "the quick brown fox jumps over the lazy dog and then it runs"  # 60 characters


def counts(*texts):
    data = [text.encode() for text in texts]
    offsets = np.concatenate([[0], np.cumsum([len(part) for part in data])]).astype(np.int64)
    out = np.zeros((len(texts), 3), np.int32)
    joined(np.frombuffer(b"".join(data) or b"\0", np.uint8), offsets, out)
    return out.tolist()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", [0, 0, 0]),
        ("One line.", [1, 1, 0]),
        ("One line.\nAnother", [2, 1, 0]),
        (f"{LONG}\n{LONG}\nto its end.", [1, 1, 1]),
        (f"{LONG}\n{LONG}\nto its end.\n\n{LONG}\n{LONG}", [2, 1, 1]),
        (f"{LONG}.\n{LONG}\nto its end.", [1, 1, 1]),
        ("home\nabout\ncontact", [3, 0, 0]),  # a menu is not wrapped
        (f"{LONG} {LONG}\n" * 5, [5, 0, 0]),  # lines of pages are paragraphs
        (f"- {LONG}\n\n- {LONG}\n\n", [2, 0, 0]),
        ("From: a@b\nTo: c@d\nSubject: e\n folded\n\nYes.", [1, 1, 1]),
        ("Note: a\nWell.", [2, 1, 0]),  # one field is no head
        ("“说得好。”\n再见！\n好", [3, 2, 0]),
    ],
)
def test_lines_that_end(text, wanted):
    assert counts(text) == [wanted]


def test_documents_do_not_touch():
    one, two = f"{LONG}\n{LONG}\nend.", "x.\ny"
    assert counts(one, two, one) == [*counts(one), *counts(two), *counts(one)]
