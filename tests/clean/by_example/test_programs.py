"""Programs over a record: what they write, read, cost, mean and say."""

import pytest

from karat.clean.by_example import operations
from karat.clean.by_example.programs import Program

CITY, CODE = Program("cell", (), ("city",)), Program("cell", (), ("code",))
RECORD = {"city": "rome", "code": "7", "date": "03/04/2012"}
PADDED = Program("padded", (CODE,), (3, "0"))
JOINED = Program("joined", (PADDED, CITY), ("<", "-", ">"))


def test_what_a_program_writes():
    assert CITY.run(RECORD) == "rome"
    assert PADDED.run(RECORD) == "007"
    assert JOINED.run(RECORD) == "<007-rome>"
    upper = Program("cased", (Program("piece", (CITY,), ("-", 0)),), ("capitals",))
    assert upper.run(RECORD) is None, "the first step does not apply"
    assert upper.run({"city": "rome-oslo"}) == "ROME"


def test_the_columns_it_reads():
    assert CITY.columns() == {"city"}
    assert JOINED.columns() == {"city", "code"}


def test_its_length_in_bits():
    assert CITY.bits("city", 8) == 1
    assert CITY.bits("code", 8) == 5
    assert PADDED.bits("code", 8) == 4 + 3 + 7 + 1
    assert Program("cased", (CITY,), ("capitals",)).bits("city", 8) == 4 + 2 + 1
    assert Program("scaled", (CODE,), (0.01, 2)).bits("code", 8) == 4 + 12 + 3 + 1
    dates = [Program("redated", (CITY,), ("D/M/YYYY", "YYYY-MM-DD", clear)) for clear in (False, True)]
    assert [program.bits("city", 8) for program in dates] == [13, 12]
    assert JOINED.bits("x", 8) == 4 + 3 * 7 + (14 + 5) + 5


def test_whether_it_only_writes_the_own_value_in_another_way():
    assert CITY.keeps_meaning("city")
    assert not CITY.keeps_meaning("code")
    assert PADDED.keeps_meaning("code")
    assert not PADDED.keeps_meaning("city")
    assert not Program("scaled", (CODE,), (0.01, 2)).keeps_meaning("code")
    assert not JOINED.keeps_meaning("code")


def test_as_code_that_does_the_same():
    names = {name: getattr(operations, name) for name in ("padded", "joined")}
    assert CITY.code() == "record['city']"
    assert eval(JOINED.code(), names | {"record": RECORD}) == JOINED.run(RECORD)
    assert JOINED.code() == "joined([padded(record['code'], 3, '0'), record['city']], ('<', '-', '>'))"


@pytest.mark.parametrize(
    ("operation", "arguments", "words"),
    [
        ("redated", ("D/M/YYYY", "YYYY-MM-DD", False), "the value, a date written D/M/YYYY, is written YYYY-MM-DD"),
        ("padded", (3, "0"), "the value is padded on the left with '0' to 3 characters"),
        ("unpadded", ("0",), "the value loses the '0' on its left"),
        ("cased", ("capitals",), "the value is written in capitals"),
        ("trimmed", (), "the value loses superfluous blanks"),
        ("with_ends", ("(", ")"), "the value gets '(' at its start and ')' at its end"),
        ("without_ends", ("", " oz"), "the value loses ' oz' at its end"),
        ("replaced", ("a", "b"), "in the value, 'a' is replaced by 'b'"),
        ("piece", (",", 0), "piece number 1 of the value when split at ','"),
        ("piece", (",", -1), "piece the last of the value when split at ','"),
        ("part", (1, 0), "characters 1 to the end of the value"),
        ("part", (1, 3), "characters 1 to 3 of the value"),
        ("run_of", ("digits", -2), "run number 2 from the end of digits in the value"),
        ("scaled", (0.01, 2), "the value is multiplied by 0.01"),
        ("renumbered", (",", ".", "", "."), "the value is written with other number marks"),
        ("exactly", ("N/A", ""), "'N/A' is blanked"),
        ("exactly", ("a", "b"), "'a' is replaced by 'b'"),
    ],
)
def test_in_plain_words(operation, arguments, words):
    assert Program(operation, (CITY,), arguments).words("city") == words


def test_other_columns_are_named():
    assert CITY.words("city") == "the value"
    assert CITY.words("code") == "the value of city"
    join = Program("joined", (CODE, CITY), ("", "-", "!"))
    assert join.words("code") == "joined: the value, '-', the value of city, '!'"
