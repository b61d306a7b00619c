"""A case as a person sees it: what is asked, what accepting means, which cells are covered."""

from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.schema import Column, Role, Schema
from karat.flow.review import REVIEW
from karat.show.review.cases import LONG_TEXT, _reading, answers, listed, shown
from karat.show.review.languages import says
from karat.show.review.session import Board

SAY = says("en")


@pytest.fixture
def board(run):
    board = Board(run)
    yield board
    board.close()


def place(board, kind, row=None):
    cases = (board.desk.queue.case(at) for at in range(board.desk.queue.size))
    return next(at for at, case in enumerate(cases) if case["kind"] == kind and (row is None or case["row"] == row))


def view(board, kind, row=None, plain=False):
    return shown(place(board, kind, row), "anna", board.desk, board.records, board.items, SAY, plain=plain)


@pytest.mark.parametrize(
    ("kind", "value", "suggestion", "accepted", "rejected"),
    [
        ("cell", "300", "30", "30", "300"),
        ("cell", "300", None, "", "300"),
        ("cell", None, "30", "30", ""),
        ("cell", None, None, None, ""),
        ("cell", "", None, None, ""),
        ("label", "p", "n", "n", "p"),
        ("label", "p", None, None, "p"),
        ("label", "", "n", "n", None),
        ("label", None, "n", "n", None),
        ("record", None, None, "drop", "keep"),
        ("conflict", None, "好", "好", None),
    ],
)
def test_what_holds_when_a_case_is_accepted_or_rejected(kind, value, suggestion, accepted, rejected):
    case = {"kind": kind, "value": value, "suggestion": suggestion, "item": None}
    assert answers(case, None, None) == (accepted, rejected)


def test_of_two_records_the_fuller_is_kept_the_left_where_they_are_even():
    case = {"kind": "pair", "value": None, "suggestion": None, "item": None}
    full, gap = {"a": "1", "b": "2"}, {"a": "1", "b": ""}
    assert answers(case, full, gap) == ("left", "different")
    assert answers(case, gap, full) == ("right", "different")
    assert answers(case, full, full) == ("left", "different")
    assert answers(case, None, None) == ("left", "different")


def test_what_comes_next_is_a_record_or_an_item():
    case = {"kind": "next", "value": None, "suggestion": "好", "item": None}
    assert answers(case, {}, None) == ("{}", None)
    assert answers(case | {"item": "i1"}, None, None) == ("好", None)


def test_a_cell(board):
    seen = view(board, "cell", 4)
    assert seen.question == "Is this value in age wrong?"
    assert (seen.accept, seen.reject, seen.edit) == ("Fix it", "It is correct", "30")
    assert (seen.answer_if_accepted, seen.answer_if_rejected) == ("30", "300")
    assert seen.alike == 3
    assert seen.one_table
    asked = [cell["name"] for cell in seen.cells if cell["asked"]]
    assert asked == ["age"]
    assert [cell["name"] for cell in seen.cells if cell["label"]] == ["y"]
    assert seen.pictures == [(4, 0, "pic")]
    assert seen.choices == []


def test_a_cell_without_a_proposal_is_made_blank(run):
    case = {"row": 4, "column": "age", "check": "C", "action": "set", "value": "300", "suggestion": None}
    pq.write_table(pa.Table.from_pylist([case | {"confidence": 0.9}], schema=REVIEW), run / "review.parquet")
    seen = view(Board(run), "cell", 4)
    assert seen.accept == "Wrong: make it blank"
    assert seen.after is None
    assert (seen.answer_if_accepted, seen.edit) == ("", "300")
    assert seen.evidence == []


def test_a_label_offers_what_is_proposed_what_stands_and_the_classes(board):
    seen = view(board, "label", 1)
    assert seen.choices == ["n", "p"]
    assert (seen.accept, seen.reject) == ("Accept the suggestion", "The label is correct")
    assert seen.text.startswith("味道不错 1")  # four columns without the picture: the text is the record
    assert seen.alike == 1


def test_a_pair_stands_side_by_side_with_what_differs(board):
    seen = view(board, "pair")
    left, right = (board.records.get(seen.case[key]) for key in ("row", "other"))
    assert {side["name"] for side in seen.sides if side["differs"]} == {
        name for name in left if left[name] != right[name]
    }
    assert {side["name"] for side in seen.sides} == {cell["name"] for cell in seen.cells}
    assert len(seen.pictures) == 2
    assert {picture[1] for picture in seen.pictures} == {0, 1}


def test_an_item_with_votes_in_conflict(board):
    seen = view(board, "conflict")
    assert seen.text.startswith("一段文字")
    assert seen.accept == "It is 好"
    assert seen.choices[0] == "好"
    assert set(seen.choices) == {"好", "坏"}
    assert seen.cells == []


def test_personal_data_is_covered_beside_the_cell_in_question(run):
    work = next(run.glob(".work/*/collect/raw.arrow"))
    table = pa.ipc.open_file(str(work)).read_all()
    at = table.schema.get_field_index("评论")
    table = table.set_column(at, "评论", pa.array(["wei@b.cn"] * table.num_rows))
    with pa.ipc.new_file(str(work), table.schema) as writer:
        writer.write_table(table.combine_chunks())
    board = Board(run)
    for plain, text in ((False, "we*@*.**"), (True, "wei@b.cn")):
        cells = {cell["name"]: str(cell["cell"]) for cell in view(board, "cell", 4, plain=plain).cells}
        assert text in cells["评论"]


@pytest.mark.parametrize(
    ("kind", "size", "columns", "read"),
    [
        ("label", LONG_TEXT - 1, 5, False),
        ("label", LONG_TEXT, 5, True),
        ("label", 1, 4, True),
        ("label", 0, 4, False),
        ("cell", LONG_TEXT, 5, False),
    ],
)
def test_a_text_is_read_where_it_is_long_or_all_there_is(kind, size, columns, read):
    schema = Schema((Column("s", Role.TEXT), Column("t", Role.TEXT), Column("n", Role.NUMBER)))
    record = {"s": None, "t": "字" * size, "n": "9" * 500} | {f"c{k}": "1" for k in range(columns - 3)}
    text = _reading({"kind": kind}, record, SimpleNamespace(schema=schema))
    assert text == ("字" * size if read else None)
    assert _reading({"kind": kind}, None, SimpleNamespace(schema=schema)) is None


def test_cases_in_a_list(board):
    board.desk.decide("anna", place(board, "cell", 4), "accept", "30", all_alike=False, only=_all())
    rows = listed(list(range(board.desk.queue.size)), board.desk)
    cell = next(row for row in rows if row["kind"] == "cell" and row["row"] == 4)
    assert cell["verdicts"] == [("anna", "accept")]
    assert cell["title"] == "Out of range"
    assert not cell["split"]
    assert "300" in str(cell["before"]).replace("<del>", "").replace("</del>", "")
    record = next(row for row in rows if row["kind"] == "record")
    assert record["before"] is record["after"] is None


def test_a_second_line_of_evidence_is_not_in_the_list_but_in_the_case(run):
    case = {"row": 4, "column": "age", "check": "C", "action": "set", "value": "300", "suggestion": "30"}
    case |= {"confidence": 0.9, "message": "first wei@b.cn\n\nsecond"}
    pq.write_table(pa.Table.from_pylist([case], schema=REVIEW), run / "review.parquet")
    board = Board(run)
    assert view(board, "cell", 4).evidence == ["first we*@*.**", "second"]
    row = next(row for row in listed([place(board, "cell", 4)], board.desk))
    assert row["said"] == "first we*@*.**"


def _all():
    from karat.show.review.assignment import Filter

    return Filter()


@pytest.mark.parametrize(
    ("suggestion", "question", "accept"),
    [(None, "What is missing in age?", ""), ("30", "Fill in the missing value in age?", "Fill it in")],
)
def test_of_a_blank_cell_nobody_asks_whether_its_value_is_wrong(run, suggestion, question, accept):
    blank = {"row": 3, "column": "age", "check": "MissingValues", "action": "set", "value": None}
    blank |= {"suggestion": suggestion, "confidence": 0.9, "message": "blank"}
    pq.write_table(pa.Table.from_pylist([blank], schema=REVIEW), run / "review.parquet")
    board = Board(run)
    asked = view(board, "cell")
    board.close()
    assert (asked.question, asked.accept, asked.reject) == (question, accept, "Leave it blank")


def test_texts_the_page_cuts_can_be_read_whole(run):
    long = "x" * 500
    case = {"row": 3, "column": "age", "check": "C", "action": "set", "value": long, "suggestion": long + "y"}
    case |= {"confidence": 0.9, "message": ""}
    pq.write_table(pa.Table.from_pylist([case], schema=REVIEW), run / "review.parquet")
    board = Board(run)
    assert ("age", long + "y") in view(board, "cell").whole
    board.close()
