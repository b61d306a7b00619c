"""How a delimited text is written: delimiter, quoting, line ends, width, fields set apart by blanks."""

import pytest

from karat.collect.dialect import Dialect, first_rows, sniff, spaced, spaced_as_tabs, unquoted
from karat.collect.header import Row

QUOTE, SINGLE, BACK = b'"'[0], b"'"[0], b"\\"[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "\x01"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end(delimiter: str, newline: str) -> None:
    text = newline.join(delimiter.join(row) for row in (("a", "b", "c"), ("1", "x", "2"), ("3", "y", "4"))) + newline
    dialect = sniff(text.encode(), True)
    assert chr(dialect.delimiter) == delimiter
    assert dialect.width == 3
    assert dialect.newline == (13 if newline == "\r" else 10)
    assert dialect.rules == (dialect.delimiter, QUOTE, QUOTE, dialect.newline)


def test_one_column_has_no_delimiter() -> None:
    dialect = sniff(b"name\nAnna\nPeter\n", True)
    assert (dialect.delimiter, dialect.width, dialect.runner_up, dialect.clear) == (-1, 1, "", 1.0)


def test_the_delimiter_the_user_names_is_taken() -> None:
    text = b"a;b,c\n1;2,3\n"
    assert sniff(text, True, ";").delimiter == ord(";")
    assert sniff(text, True, ",").delimiter == ord(",")


def test_a_decimal_comma_does_not_win_over_the_semicolon() -> None:
    dialect = sniff(b"a,b;c\n1,5;2\n1,6;3\n7;3\n", True)
    assert chr(dialect.delimiter) == ";"
    assert dialect.runner_up == ","
    assert dialect.clear == pytest.approx(0.25)  # three of four lines have a comma


def test_quotes_doubled_escaped_or_single() -> None:
    assert sniff(b'a,b\n"say ""x""",1\n"y",2\n', True).rules[1:3] == (QUOTE, QUOTE)
    assert sniff(b'a,b\n"say \\"x\\", ok",1\n"y",2\n', True).rules[1:3] == (QUOTE, BACK)
    assert sniff(b"a,b\n1,'one, two'\n2,'y'\n", True).rules[1:3] == (SINGLE, SINGLE)


def test_a_quote_that_breaks_more_than_it_explains_is_no_quote() -> None:
    dialect = sniff(b'size,n\n"5 in,1\n6" in,2\n"7 in,3\n', True)
    assert (dialect.quote, dialect.escape) == (-1, -1)


def test_the_last_line_of_a_part_is_not_looked_at() -> None:
    text = b"a,b,c\n1,2,3\n4,5"
    assert sniff(text, False).width == sniff(text, True).width == 3
    assert sniff(b"a,b\n1,2,3\n1,2,3", False).width == 3  # one name fewer than values: the rows have names


def test_a_title_above_the_header_does_not_set_the_width() -> None:
    assert sniff(b"My report\na,b,c\n1,2,3\n4,5,6\n", True).width == 1 + 2
    assert sniff(b"My report, 2024\n" + b"1,2,3,4\n" * 5, True).width == 4
    assert sniff(b"My report, 2024\n" + b"1,2,3,4\n" * 2, True).width == 2  # in two lines nothing is usual


def test_the_first_rows_with_their_lines() -> None:
    dialect = Dialect(ord(","), QUOTE, QUOTE, 10, 2)
    rows = first_rows(b'a,b\n\n"x\ny",1\n1,2,3\n"z""q",\n', dialect)
    assert rows == [
        Row(0, 1, ["a", "b"]),
        Row(2, 4, ["x\ny", "1"]),
        Row(4, 5, ["1", "2", "3"]),
        Row(5, 6, ['z"q', ""]),
    ]
    assert first_rows(b"a,b\n" * 9, dialect, limit=4) == [Row(at, at + 1, ["a", "b"]) for at in range(4)]
    assert first_rows(b'a,b\n"x"y,1\n3,4\n', dialect) == [Row(0, 1, ["a", "b"]), Row(2, 3, ["3", "4"])]


def test_fields_apart_by_blanks_become_tabs_and_quoted_ones_keep_theirs() -> None:
    assert spaced_as_tabs(b'  a   "b  c" \t d  \r\n e f\n') == b'a\t"b  c"\td\r\ne\tf\n'


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        (b"1 2 3\n4 5 6\n7 8 9\n", True),
        (b"1 2 3\n4 5 6\n", False),
        (b"1 2\n4 5\n7 8\n", False),  # two columns with one blank between could be a sentence
        (b"1   2\n4   5\n7   8\n", True),
        (b"a b c\nd e f\ng h i\n", False),
        (b"one  two\nthree  four\nfive  six\n", False),
        (b"1 2 3\n4 5\n6\n7 8 9\n", False),
        (b"a 1 2\nb 3 4\nc 5 6\n", True),  # two columns of three are numbers
        (b"a x 2\nb y 4\nc z 6\n", False),
        (b"word\nword\nword\nword\n", False),
    ],
)
def test_texts_set_apart_by_blanks(text: bytes, apart: bool) -> None:
    assert spaced(text) is apart


def test_the_text_of_a_field() -> None:
    doubled, escaped = Dialect(ord(","), QUOTE, QUOTE, 10, 2), Dialect(ord(","), QUOTE, BACK, 10, 2)
    assert unquoted(b'a""b', 1, doubled) == 'a""b'
    assert unquoted(b'a""b', 2, doubled) == 'a"b'
    assert unquoted(b'a\\"b\\\nc', 2, escaped) == 'a"b\nc'
    assert unquoted(b"\xff", 0, doubled) == "\ufffd"
