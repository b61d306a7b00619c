"""Which line names the columns: titles, groups, no header at all, and what the user says."""

from pathlib import Path

import pytest

from karat.collect.assumed import ReadingOptions
from karat.collect.read import open_data
from karat.core.errors import InputError

NAMES = ("code", "region", "price", "age")
BODY = [[f"S{at:03d}", "North" if at % 3 else "South", f"{at * 1.5:.2f}", str(20 + at % 40)] for at in range(60)]


def lines(mark, rows):
    return "".join(mark.join(row) + "\n" for row in rows)


PLAIN = lines(",", [NAMES, *BODY])
SALES = "".join(f"R{at},{at * 7},{at * 3},{at * 8},{at * 2}\n" for at in range(4))
JOINED = ("Region", "2023 Sales", "2023 Profit", "2024 Sales", "2024 Profit")


def read(tmp_path, text, **options):
    place: Path = tmp_path / "t.csv"
    place.write_bytes(text.encode())
    reading = open_data(place, options=ReadingOptions(**options).checked())
    count = sum(batch.num_rows for batch in reading.batches())
    return reading.names, count, {entry.what: entry for entry in reading.assumed}, reading.quarantine


@pytest.mark.parametrize(
    ("text", "names", "count", "line"),
    [
        *((lines(mark, [NAMES, *BODY]), NAMES, 60, "1") for mark in ("|", ";", "\t", " , ", ", ")),
        ("".join("".join(c.ljust(12) for c in row).rstrip() + "\n" for row in [NAMES, *BODY]), NAMES, 60, "1"),
        (lines(" ", [row[2:] + row[3:] for row in BODY]), ("column_0", "column_1", "column_2"), 60, "0"),
        ("name\n" + "".join(f"Anna Smith{chr(97 + at % 26)}\n" for at in range(60)), ("name",), 60, "1"),
        ("Report 2024\nprinted on 2024-01-02, by A\n\n" + PLAIN, NAMES, 60, "4"),
        ("Report 2024,,,\n,,,\n" + PLAIN, NAMES, 60, "3"),
        ("# made by x\n# a, b, c, d\n" + PLAIN, NAMES, 60, "3"),
        ("sep=;\n" + lines(";", [NAMES, *BODY]), NAMES, 60, "2"),
        (lines(",", BODY), tuple(f"column_{at}" for at in range(4)), 60, "0"),
        ("25,?,Private\n" + lines(",", [row[:0:-1] for row in BODY]), ("column_0", "column_1", "column_2"), 61, "0"),
        ("".join(f"p{at}@x.org,Name\n" for at in range(50)), ("column_0", "column_1"), 50, "0"),
        (",2023,,2024,\nRegion,Sales,Profit,Sales,Profit\n" + SALES, JOINED, 4, "1-2"),
        ("Region,2023,,2024,\n,Sales,Profit,Sales,Profit\n" + SALES, JOINED, 4, "1-2"),
        ("who,,what,,\na,b,c,d,e\n" + SALES, tuple("abcde"), 4, "1-2"),
        ("country,1990,2000,2015\n" + "".join(f"C{chr(65 + at)},{at},{at},{at}\n" for at in range(26)),
         ("country", "1990", "2000", "2015"), 26, "1"),
        (",0,1,2\n" + "".join(f"r{at},{at * 0.5},{at},{at}\n" for at in range(26)), ("column_0", "0", "1", "2"), 26, "1"),
        ("name,,\nAnn,Rome,x\nBob,Paris,y\n", ("name", "column_1", "column_2"), 2, "1"),
        ("a,,\n0,100,N0\n1,101,N1\n", ("a", "column_1", "column_2"), 2, "1"),
        ('"a\nb",c\n1,x\n2,y\n', ("a\nb", "c"), 2, "1-2"),
    ],
)  # fmt: skip
def test_the_header_is_found(tmp_path, text, names, count, line):
    found, records, assumed, _ = read(tmp_path, text)
    assert (found, records, assumed["header_row"].value) == (names, count, line)


def test_what_stands_above_the_header_is_quarantined_and_the_header_is_not(tmp_path):
    text = "Loans 2025,,,\n,,,\nwho,,money,\n" + PLAIN
    names, count, assumed, quarantine = read(tmp_path, text)
    assert (names, count) == (NAMES, 60)
    assert assumed["header_row"].words == "header in lines 3-4"
    assert [(entry["line"], entry["raw"]) for entry in quarantine] == [(1, b"Loans 2025,,,\n"), (2, b",,,\n")]


def test_what_the_user_sets_is_used_and_said(tmp_path):
    names, count, assumed, _ = read(tmp_path, "x,y\n" + lines(",", [row[2:] for row in BODY]), header_row="0")
    assert (names, count, assumed["header_row"].words) == (("column_0", "column_1"), 61, "no header (set)")
    names, count, assumed, _ = read(tmp_path, "u;v,w\n1;2,5\n3;4,5\n", delimiter="semicolon", header_row="1")
    assert (names, count) == (("u", "v,w"), 2)
    assert assumed["delimiter"].words == "semicolon (set)"
    names, count, _, quarantine = read(tmp_path, "1,2\nu,v\n1,2\n3,4\n", header_row="2")
    assert (names, count, len(quarantine)) == (("u", "v"), 2, 1)
    names, count, _, _ = read(tmp_path, "g,h\nu,u\n1,2\n3,4\n", header_row="1-2")
    assert (names, count) == (("g u", "h u"), 2)


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("a,b\n1,2\n", {"header_row": "9"}, "line 9 of a text whose last record is in line 2"),
        ("a,b\n1,2\n", {"header_row": "2"}, "Name a line above the records"),
        ("5,x,9,z\n" + "1,2,3,4\n" * 9, {}, "Set --header-row 1, or --header-row 0"),
    ],
)
def test_a_header_that_cannot_be_told_or_is_not_there_is_an_error_in_one_line(tmp_path, text, options, words):
    with pytest.raises(InputError) as error:
        read(tmp_path, text, **options)
    assert words in str(error.value)


def test_blanks_between_fields_keep_their_lines_and_bytes(tmp_path):
    text = "  1  2.5   3\n  4  5.5   6\n 7 8.5\n  9  1.5  'x\n" + "".join(
        f" {at}  {at}.5 \t {at}\n" for at in range(99)
    )
    names, count, assumed, quarantine = read(tmp_path, text)
    assert (len(names), count, assumed["delimiter"].value) == (3, 102, " ")
    assert [(entry["line"], entry["raw"]) for entry in quarantine] == [(3, b" 7 8.5\n")]
