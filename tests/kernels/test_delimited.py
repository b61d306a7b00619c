"""How a buffer is split, by the plain functions."""

import numpy as np
import pytest

from karat.kernels.delimited import (
    AFTER_QUOTE,
    FEW,
    GIVE_UP,
    GOOD,
    LAST,
    MANY,
    MORE,
    UNCLOSED,
    compiled,
    scan,
    take_stretches,
)

COMMA, QUOTE, SLASH, FEED, RETURN = 44, 34, 92, 10, 13
RULES = (COMMA, QUOTE, QUOTE, FEED)


def split(text, width=2, rules=RULES, final=LAST, halt=None, run=scan):
    """Records as lists of cells, or as their fault; and what was consumed."""
    data = text.encode() if isinstance(text, str) else text
    size, room = len(data), len(data) + 4
    starts, ends, flags = (np.zeros(room * width, np.int64) for _ in range(3))
    line, span, fault, fields = (np.zeros(room, np.int64) for _ in range(4))
    buf = np.frombuffer(data or b"\0", np.uint8)
    halt = size if halt is None else halt
    position, count, lines = run(buf, size, halt, rules, width, final, starts, ends, flags, line, span, fault, fields)
    out, put = [], 0
    for record in range(count):
        if fault[record] == GOOD:
            cells = [data[starts[put + k] : ends[put + k]].decode() for k in range(width)]
            out.append(cells)
            put += width
        else:
            out.append((int(fault[record]), int(line[record]), int(span[record]), int(fields[record])))
    return out, int(position), int(lines)


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
        ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
        ("a,\n,d\n", [["a", ""], ["", "d"]]),
        ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
        ("a,b\r\nc,d\r", [["a", "b"], ["c", "d"]]),
        ("a\r,b\n", [["a\r", "b"]]),
        ('"a,1","b\n2"\nc,d\n', [["a,1", "b\n2"], ["c", "d"]]),
        ('"a","b"\r\n"c","d"\r\n', [["a", "b"], ["c", "d"]]),
        ('"",""\n', [["", ""]]),
        ('"a""b",c\n', [['a""b', "c"]]),
        ('a"b,c\n', [['a"b', "c"]]),
        ("a,b\n\n\r\nc,d\n\n", [["a", "b"], ["c", "d"]]),
        ("\n\n", []),
        ("", []),
    ],
)
def test_good_records(text, records):
    out, position, lines = split(text)
    assert out == records
    assert position == len(text.encode())
    assert lines == text.count("\n") + (not text.endswith("\n") and bool(text))


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("a\nc,d\n", [(FEW, 0, 1, 1), ["c", "d"]]),
        ("a,b\n\nc,d,e\nf,g\n", [["a", "b"], (MANY, 2, 1, 3), ["f", "g"]]),
        ('a,b\n"x"y,2\nc,d\n', [["a", "b"], (AFTER_QUOTE, 1, 1, 1), ["c", "d"]]),
        ('a,b\nc,"d', [["a", "b"], (UNCLOSED, 1, 1, 2)]),
        ('a,b\nc,"d\ne,f\ng,h\n', [["a", "b"], (UNCLOSED, 1, 1, 2), ["e", "f"], ["g", "h"]]),
        ('a,"b\nc\nd"\ne,f,"g\n2"\nh,i', [["a", "b\nc\nd"], (MANY, 3, 2, 3), ["h", "i"]]),
    ],
)
def test_what_breaks_the_rules_is_handed_back_with_its_lines(text, records):
    out, position, _ = split(text)
    assert out == records
    assert position == len(text)


def test_a_lost_closing_quote_swallows_no_record_of_its_own():
    # the quote of the first line is closed by one that opens a field of the third
    out, _, lines = split('1,"x\n2,y\n3,"z"\n')
    assert out == [(AFTER_QUOTE, 0, 1, 2), ["2", "y"], ["3", "z"]]
    assert lines == 3
    # ... or by a stray one: the second line has as many fields as it should
    assert split('1,"x\n2,y\n3",4,5\n6,7')[0] == [(UNCLOSED, 0, 1, 4), ["2", "y"], (MANY, 2, 1, 3), ["6", "7"]]
    # but a cell of several lines that have too few fields is one cell
    assert split('1,"x\ny\nz"\n2,w\n')[0] == [["1", "x\ny\nz"], ["2", "w"]]


def test_an_escape_sign_of_its_own():
    rules = (COMMA, QUOTE, SLASH, FEED)
    assert split('"a\\"b",c\n', rules=rules)[0] == [['a\\"b', "c"]]
    assert split('"a\\\\",c\n', rules=rules)[0] == [["a\\\\", "c"]]
    assert split('"a""b",c\n', rules=rules)[0][0][0] == AFTER_QUOTE


def test_cells_with_escapes_are_marked():
    from karat.kernels.delimited import ESCAPED, PLAIN, QUOTED

    data = np.frombuffer(b'a,"b","c""d"\n', np.uint8)
    starts, ends, flags = (np.zeros(3, np.int64) for _ in range(3))
    facts = [np.zeros(2, np.int64) for _ in range(4)]
    scan(data, len(data), len(data), RULES, 3, LAST, starts, ends, flags, *facts)
    assert flags.tolist() == [PLAIN, QUOTED, ESCAPED]
    assert facts[0][0] == 0
    assert facts[1][0] == 1


def test_lines_may_end_with_a_carriage_return():
    rules = (COMMA, QUOTE, QUOTE, RETURN)
    assert split("a,b\r\rc,d\r", rules=rules)[0] == [["a", "b"], ["c", "d"]]
    assert split('"a",b\rc,"d\n"\r', rules=rules)[0] == [["a", "b"], ["c", "d\n"]]


def test_without_delimiter_and_quote_a_line_is_a_record_and_a_blank_one_a_blank_cell():
    rules = (-1, -1, -1, FEED)
    assert split('a,"b\n\nc\n', width=1, rules=rules)[0] == [['a,"b'], [""], ["c"]]
    assert split("a\n\n\n", width=1, rules=rules)[0] == [["a"]]  # blank lines at the end are none


@pytest.mark.parametrize("text", ["a,b\nc,", "a,b\nc,d", 'a,b\nc,"d', 'a,b\nc,"d\n', "a,b\n"])
def test_what_may_go_on_behind_the_buffer_is_left_for_the_next_call(text):
    out, position, lines = split(text, final=MORE)
    assert (out, position, lines) == ([["a", "b"]], 4, 1)


def test_a_record_waited_for_long_enough_is_given_up():
    assert split('c,"d\nee\n', final=MORE) == ([], 0, 0)
    out, position, lines = split('c,"d\nee\n', final=GIVE_UP)
    assert out == [(UNCLOSED, 0, 1, 2), (FEW, 1, 1, 1)]
    assert (position, lines) == (8, 2)
    # with a record before it there is something to go on with: it waits
    assert split('a,b\nc,"d\nee\n', final=GIVE_UP)[:2] == ([["a", "b"]], 4)


def test_no_record_begins_at_the_halt():
    assert split("a,b\nc,d\ne,f\n", halt=4)[:2] == ([["a", "b"]], 4)
    assert split("a,b\nc,d\ne,f\n", halt=5)[:2] == ([["a", "b"], ["c", "d"]], 8)


def test_blank_lines_before_the_end_of_a_buffer_wait_where_they_may_be_cells():
    rules = (-1, -1, -1, FEED)
    assert split("a\n\n", width=1, rules=rules, final=MORE) == ([["a"]], 2, 1)
    assert split("a,b\n\n", final=MORE) == ([["a", "b"]], 5, 2)


def test_machine_code_splits_as_the_plain_functions_do():
    text = 'a,b\n"x"y,2\n1,"x\n2,y\n3,"z"\n\n"q""q",r\r\nlong,"two\nlines"\nu,v,w\nlast'
    assert split(text, run=compiled()[0]) == split(text)


@pytest.mark.parametrize("fast", [False, True])
def test_stretches_are_taken_one_after_the_other(fast):
    buf = np.frombuffer(b"0123456789", np.uint8)
    starts, ends = np.array([7, 0, 4, 4]), np.array([9, 3, 4, 5])
    assert take_stretches(buf, starts, ends, fast).tobytes() == b"780124"
    assert take_stretches(buf, starts[:0], ends[:0], fast).tobytes() == b""
