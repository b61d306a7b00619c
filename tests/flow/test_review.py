"""What a person's answers may look like."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import KaratError
from karat.core.finding import Dimension, findings, no_findings
from karat.core.patch import no_changes
from karat.core.schema import Column, Role, Schema
from karat.flow.review import REVIEW, answered, case_count, case_table, contradictions, oddities, read_answers
from karat.quality.consistency.known_texts import KnownTexts
from karat.quality.consistency.near_duplicate_texts import NearDuplicateTexts

SCHEMA = Schema((Column("a", Role.TEXT, "string"), Column("b", Role.TEXT, "string")))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "an empty file"),
        ("foo,bar\n1,2\n", "foo, bar"),
        ("row,column,value\n9,a,x\n", "Use 0 to 2"),
        ("row,column,value\n1,c,x\n", "'c'"),
    ],
)
def test_odd_answers_are_refused_in_words(tmp_path, text, says):
    (tmp_path / "answers.csv").write_text(text)
    with pytest.raises(KaratError, match=says):
        read_answers(tmp_path / "answers.csv", SCHEMA, 3)


def test_two_answers_for_one_cell_are_said_and_change_nothing(tmp_path):
    (tmp_path / "answers.csv").write_text("row,column,value\n1,a,x\n1,a,y\n2,b,z\n2,b,z\n")
    read = read_answers(tmp_path / "answers.csv", SCHEMA, 3)
    assert read["value"].to_pylist() == [None, "z"]
    assert contradictions(read) == "Answers contradict each other in 1 cell, which stay as they are: row 1, column a"
    assert contradictions(read.slice(1)) == ""
    table = pa.table({"a": ["p", "q", "r"], "b": ["p", "q", "r"]})
    patches = answered(Block(np.arange(3), table, SCHEMA), read, no_findings(), {}, no_changes())[1]
    assert patches["answers"].select(["row", "column", "after"]).to_pylist() == [
        {"row": 2, "column": "b", "after": "z"}
    ]


def test_an_answer_that_makes_a_column_of_numbers_text_is_said():
    names = ["n", "n", "n", "t", "s", "n"]
    table = {
        "row": range(6),
        "column": names,
        "value": ["many", "7", "", "2020-13-01", "many", "few"],
        "who": ["p"] * 6,
    }
    schema = Schema(
        (
            Column("n", Role.NUMBER, "int64"),
            Column("t", Role.TIME, "timestamp", (), "%Y-%m-%d"),
            Column("s", Role.CATEGORY),
        )
    )
    answers = pa.table(table | {"row": pa.array(range(6), pa.int64())})
    said = (
        "Answers that do not fit: column n of numbers, which becomes text ('many' in row 0 and 1 more answer); "
        "column t of times, which becomes text ('2020-13-01' in row 3)"
    )
    assert oddities(answers, schema) == [said]
    assert oddities(answers.slice(1, 2), schema) == []


def test_answers_are_read(tmp_path):
    (tmp_path / "answers.csv").write_text("row,column,value\n1,a,x\n1,a,x\n2,,\n")
    read = read_answers(tmp_path / "answers.csv", SCHEMA, 3)
    assert read.to_pylist()[1] == {"row": 2, "column": None, "value": "", "who": "person"}


def test_a_cell_that_two_checks_ask_about_is_one_case():
    cases = pa.table({"row": [1, 1, 1, 2], "column": ["a", "a", None, "a"], "check": ["A", "B", "A", "A"]})
    assert case_count(cases) == 3
    assert case_count(REVIEW.empty_table()) == 0


def test_a_document_like_one_of_another_run_is_no_pair_of_records_here():
    about = {"row": [7], "confidence": 0.95, "message": "alike", "keeper": [3]}
    alike = [NearDuplicateTexts().found(1, **about), KnownTexts().found(1, **about)]
    cases = case_table(pa.concat_tables(alike), no_changes(), no_changes())
    assert dict(zip(cases["check"].to_pylist(), cases["value"].to_pylist(), strict=True)) == {
        "NearDuplicateTexts": "3",
        "KnownTexts": None,
    }


def test_two_cells_of_which_one_is_wrong_are_both_asked_though_neither_is_sure():
    both = [
        findings(check, Dimension.CONSISTENCY, 1, row=[4], column=name, value="x", confidence=0.4, message="which?")
        for check in ("UndecidedPairs", "Misspellings")
        for name in ("city", "country")
    ]
    cases = case_table(pa.concat_tables(both), no_changes(), no_changes()).to_pylist()
    assert [(case["check"], case["row"], case["column"]) for case in cases] == [
        ("UndecidedPairs", 4, "city"),
        ("UndecidedPairs", 4, "country"),
    ]
    assert {case["suggestion"] for case in cases} == {None}
