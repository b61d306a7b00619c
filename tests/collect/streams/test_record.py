"""A message is a record or says why not."""

import pytest

from karat.collect.streams.message import Message
from karat.collect.streams.record import cells_of


def test_values_become_text_as_in_a_file():
    body = b'{"a": 1, "b": 2.0, "c": "x", "d": null, "e": "", "f": true, "g": [1, 2]}'
    cells = {"a": "1", "b": "2", "c": "x", "d": None, "e": None, "f": "true", "g": "[1, 2]"}
    assert cells_of(Message("p", "1", body)) == cells


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"no", "no JSON"),
        (b"[1]", "a list where an object belongs"),
        (b'{"a": "\xff"}', "not utf-8"),
        (b'{"a": "\\u0000"}', "NUL"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b'{"a": "' + b"x" * 200 + b'"}', "209 bytes where at most 100"),
    ],
)
def test_what_is_no_record_says_why(body, why):
    assert why in cells_of(Message("p", "1", body), 100)


def test_a_stream_s_own_cells_and_errors_are_taken():
    assert cells_of(Message("p", "1", b"", {"a": "1"})) == {"a": "1"}
    assert cells_of(Message("p", "1", b"", error="2 of 3 fields")) == "2 of 3 fields"
    assert cells_of(Message("p", "1", b"", {"a": "\x00"})) == "a NUL character"
