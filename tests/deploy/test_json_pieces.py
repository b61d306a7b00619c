"""JSON read in pieces is what the parser of the standard library reads; limits stop it before memory does."""

import json
import math
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.core.errors import InputError
from karat.deploy import json_pieces
from karat.deploy.json_pieces import read_json, too_deep

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=30
)


def in_pieces(text: str, nesting: int = 32, lists: int = 10_000, deadline: float = math.inf) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_pieces, "WHOLE", 0)
        patch.setattr(json_pieces, "PIECE", 16)
        return read_json(text.encode("utf-8", "surrogatepass"), nesting, lists, deadline)


@given(VALUES, st.sampled_from([None, 1]))
@settings(max_examples=60, deadline=None)
def test_the_same_as_at_once(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert in_pieces(text) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    ["", "[1,]", "[,1]", "[1 2]", "{", '{"a"}', '{"a":1,}', "[[1,],2]", "[1]x", '{"a":1 "b":2}', "[1,2", "nul", '"a'],
)
def test_what_is_no_json_is_told(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)
    with pytest.raises(InputError, match="the request is not JSON"):
        in_pieces(text)
    with pytest.raises(InputError, match="the request is not JSON"):
        read_json(text.encode(), 32, 100, math.inf)


def test_long_numbers_and_broken_letters_are_told() -> None:
    for body in (b"9" * 5000, b"[" + b"9" * 5000 + b",1]", b"\xff"):
        with pytest.raises(InputError, match=r"the request (is not JSON|holds a number of 5,000 digits)"):
            read_json(body, 32, 100, math.inf)


def test_nesting_lists_and_time_have_limits() -> None:
    with pytest.raises(InputError, match="nested more than 3 deep"):
        in_pieces("[[[[1]]]]", nesting=3)
    assert in_pieces("[[[1]]]", nesting=3) == [[[1]]]
    with pytest.raises(InputError, match="more lists than its records need"):
        in_pieces("[" + "[]," * 50 + "[]]", lists=20)
    with pytest.raises(TimeoutError):
        in_pieces("[" + "[]," * 600 + "[]]", deadline=time.monotonic() - 1)
    with pytest.raises(InputError, match="nested more than 3 deep"):
        too_deep({"a": [[[[]]]]}, 3)
    too_deep({"a": [[1]]}, 3)


def test_a_bomb_of_nested_lists_ends_soon() -> None:
    start = time.monotonic()
    with pytest.raises(InputError, match="lists"):
        read_json(b"[" + b"[]," * 5_000_000 + b"[]]", 32, 100_000, math.inf)
    assert time.monotonic() - start < 5


def test_columns_of_plain_values_are_read_by_the_piece() -> None:
    values = list(range(100_000))
    for data in (values, [[value] for value in values], [str(value) for value in values]):
        body = json.dumps({"inputs": [{"data": data}]}).encode()
        assert read_json(body, 32, 100, math.inf)["inputs"][0]["data"] == data


def test_a_number_of_thousands_of_digits_is_said_to_be_one() -> None:
    with pytest.raises(InputError, match="the request holds a number of 5,000 digits"):
        read_json(b"[" + b"1" * 5000 + b"]", 4, 10, math.inf)
