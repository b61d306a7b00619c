"""Lines that are records are split as the plain functions split them."""

import random

import numpy as np
import pytest

from karat.kernels.delimited import GOOD, LAST, scan
from karat.kernels.whole_lines import whole_lines

COMMA, QUOTE, SLASH, FEED, RETURN = 44, 34, 92, 10, 13


def plain(text, rules, width):
    """What ``scan`` gives where all records are good and each is a line."""
    room = (len(text) + 4) * width
    fields, records = [[0] * room for _ in range(3)], [[0] * (len(text) + 4) for _ in range(4)]
    used, count, _ = scan(text, len(text), len(text), rules, width, LAST, *fields, *records)
    whole = used == len(text) and set(records[2][:count]) <= {GOOD} and records[0][:count] == list(range(count))
    return [np.reshape(part[: count * width], (count, width)).tolist() for part in fields] if whole else None


@pytest.mark.parametrize("newline", [FEED, RETURN])
@pytest.mark.parametrize("escape", [QUOTE, SLASH])
def test_every_line_is_split_as_by_the_plain_functions(newline, escape):
    draw, split = random.Random(newline + escape), 0
    rules = (COMMA, QUOTE, escape, newline)
    for _ in range(3_000):
        cells = draw.choice(
            (["a", "", "汉", "b c"], ["a", "", '"', '"x"', '"x,y"', '"x""y"', '"x\\"y"', "\r", "\n", "b"])
        )
        seldom = ["a,b"] * draw.choice((0, 40))
        lines = [
            *seldom,
            *(",".join(draw.choices(cells, k=draw.choice((2, 2, 2, 3)))) for _ in range(draw.randint(1, 3))),
        ]
        text = (chr(newline).join(lines) + draw.choice(("", chr(newline), "\r\n"))).encode()
        fields = whole_lines(text, rules, 2)
        if fields is not None:
            split += 1
            assert [part.tolist() for part in fields] == plain(text, rules, 2), text
    assert split > 300


@pytest.mark.parametrize(
    "text",
    [b"", b"a,b\n\nc,d\n", b"a,b\nc\n", b"a,b\nc,d,e\n", b"a,b\nc\nd,e,f\n", b"a,b\n" * 40 + b'"c\nd",e\n', b'"a",b\n'],
)
def test_what_is_no_record_a_line_is_left_to_them(text):
    assert whole_lines(text, (COMMA, QUOTE, QUOTE, FEED), 2) is None


def test_one_column_is_left_to_them():
    assert whole_lines(b"a\nb\n", (COMMA, QUOTE, QUOTE, FEED), 1) is None
