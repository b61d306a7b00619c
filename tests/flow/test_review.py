"""What a person's answers may look like."""

import pytest

from karat.core.errors import KaratError
from karat.core.schema import Column, Role, Schema
from karat.flow.review import read_answers

SCHEMA = Schema((Column("a", Role.TEXT, "string"), Column("b", Role.TEXT, "string")))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "an empty file"),
        ("foo,bar\n1,2\n", "foo, bar"),
        ("row,column,value\n9,a,x\n", "from 0 to 2"),
        ("row,column,value\n1,c,x\n", "'c'"),
        ("row,column,value\n1,a,x\n1,a,y\n", "'x' and 'y'"),
    ],
)
def test_odd_answers_are_refused_in_words(tmp_path, text, says):
    (tmp_path / "answers.csv").write_text(text)
    with pytest.raises(KaratError, match=says):
        read_answers(tmp_path / "answers.csv", SCHEMA, 3)


def test_answers_are_read(tmp_path):
    (tmp_path / "answers.csv").write_text("row,column,value\n1,a,x\n1,a,x\n2,,\n")
    read = read_answers(tmp_path / "answers.csv", SCHEMA, 3)
    assert read.to_pylist()[2] == {"row": 2, "column": None, "value": "", "who": "person"}
