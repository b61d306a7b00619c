"""What the user sets about a source, and what a reading says it assumed."""

import pytest

from karat.collect.assumed import Assumption, ReadingOptions, date_order, in_words, reading_of, value_assumptions
from karat.core.errors import OptionError
from karat.core.schema import Column, Role, Schema


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (ReadingOptions(encoding="klingon"), "--encoding"),
        (ReadingOptions(encoding="base64"), "--encoding"),
        (ReadingOptions(delimiter="abc"), "--delimiter"),
        (ReadingOptions(delimiter='"'), "--delimiter"),
        (ReadingOptions(header_row="two"), "--header-row"),
        (ReadingOptions(header_row="0-2"), "--header-row"),
    ],
)
def test_an_option_that_means_nothing_is_named(options, words):
    with pytest.raises(OptionError, match=words):
        options.checked()


def test_names_of_options_are_resolved():
    options = ReadingOptions(encoding="Windows-1251", delimiter="tab", header_row="3-4").checked()
    assert (options.encoding, options.delimiter, options.header_lines) == ("cp1251", "\t", (3, 4))
    assert ReadingOptions(header_row="0").header_lines == (0, 0)
    assert ReadingOptions().header_lines is None


def test_files_that_differ_are_all_named():
    assumed = [
        Assumption("encoding", "cp1251", "koi8-r", 0.9, "cp1251"),
        Assumption("encoding", "utf-8", words="utf-8"),
    ]
    assert reading_of(assumed) == {
        "encoding": {"value": "cp1251", "runner_up": "koi8-r", "clear": 0.9, "also": ["utf-8"]}
    }
    assert in_words(assumed) == "cp1251 · utf-8"


def test_marks_and_dates_are_those_of_the_columns():
    number = Column("a", Role.NUMBER, "float64", decimal=",", thousands=".")
    times = [Column(f"t{at}", Role.TIME, "timestamp", format="%d.%m.%Y") for at in range(2)]
    schema = Schema((number, *times, Column("u", Role.TIME, "timestamp", format="%m/%d/%y")))
    told = reading_of(value_assumptions(schema, ReadingOptions()))
    assert told["decimal"]["value"] == ","
    assert told["thousands"]["value"] == "."
    assert told["date_order"] == {"value": "dmy", "runner_up": "mdy", "clear": 0.5}
    said = "decimal mark ',' · thousands mark '.' · dates day first in t0 and 1 more, month first in u"
    assert in_words(value_assumptions(schema, ReadingOptions())) == said
    assert date_order(Column("t", Role.TIME, "timestamp")) == "ymd"
    assert not date_order(Column("t", Role.TIME, "timestamp", format="%d %b %Y"))


def test_the_commoner_of_two_marks_in_one_column_is_the_mark_and_the_other_the_runner_up():
    schema = Schema((Column("price", Role.NUMBER, "float64", decimal=","),))
    told = value_assumptions(schema, ReadingOptions(), {"price": (".", ",")})
    assert reading_of(told)["decimal"]["value"] == "."
    assert reading_of(told)["decimal"]["runner_up"] == ","
    assert in_words(told) == "decimal mark '.', ',' in some cells of price"
