"""A text file is a table when its lines fall into the same number of fields, and not as prose does."""

import gzip
from pathlib import Path

import pytest

from karat.collect.tables import is_table

ROWS = "city,age\n" + "".join(f"Paris,{k}\n" for k in range(30, 60))


@pytest.mark.parametrize(
    ("text", "table"),
    [
        (ROWS, True),
        ("city,age\nParis,3\nRome,4\nBonn,5\n", True),
        ("city,age\nParis,3\nRome,4\n", False),  # three lines
        ("", False),
        (" \n\n", False),
        ("Well, I came late\nSo, I left early\nNo, he said not\nYes, she did\nOh, the end\n", False),
        ("well;I came\nso;I left\nno;he said\nyes;she did\n", True),  # no prose is cut by semicolons
        ("one word\nper line\nand no\nmark at\nall here\n", False),
        ("a  1  2\nb  3  4\nc  5  6\nd  7  8\ne  9  1\n", True),
    ],
)
def test_tables_and_texts(tmp_path: Path, text: str, table: bool) -> None:
    path = tmp_path / "x.txt"
    path.write_text(text, encoding="utf-8")
    assert is_table(path) is table


def test_one_line_in_twenty_may_be_of_another_width(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    rows = "".join(f"Paris,{k}\n" for k in range(18))
    path.write_text(f"city,age\n{rows}Rome,1,2\n", encoding="utf-8")
    assert is_table(path)
    path.write_text(f"city,age\n{rows[:-9]}Rome,1,2\nBonn,3,4\n", encoding="utf-8")
    assert not is_table(path)


def test_compressed_text_is_looked_into_and_other_files_are_no_tables(tmp_path: Path) -> None:
    path = tmp_path / "x.txt.gz"
    path.write_bytes(gzip.compress(ROWS.encode()))
    assert is_table(path)
    path.write_bytes(b"%PDF" + ROWS.encode())
    assert not is_table(path)
    path.write_bytes(bytes(range(128, 256)) * 40)
    assert not is_table(path)
