"""Decisions as files: settled answers, votes, everything, and Label Studio tasks."""

import csv
import io
import json
from dataclasses import fields

import pytest

from karat.flow.decisions import Decision
from karat.show.review.assignment import Filter
from karat.show.review.exports import FILES, answers_file, log_file, studio_file, votes_file
from karat.show.review.session import Board

ALL = Filter()


@pytest.fixture
def board(run):
    board = Board(run)
    yield board
    board.close()


def places(board, kind):
    return [at for at in range(board.desk.queue.size) if board.desk.queue.case(at)["kind"] == kind]


def decide(board, who, at, verdict, answer):
    board.desk.decide(who, at, verdict, answer, all_alike=False, only=ALL)


def rows(text):
    return list(csv.reader(io.StringIO(text)))


def test_nothing_decided_leaves_headers_alone(board):
    assert answers_file(board) == ("row,column,value\n", "text/csv; charset=utf-8")
    assert len(rows(log_file(board)[0])) == 1
    assert studio_file(board) == ("[]", "application/json")
    assert set(FILES) == {"answers.csv", "votes.csv", "decisions.csv", "notes.csv", "label-studio.json"}


def test_settled_cells_and_labels_in_order_of_their_rows(board):
    cell, label, record = (places(board, kind) for kind in ("cell", "label", "record"))
    for at in reversed(cell[:3]):
        decide(board, "anna", at, "accept", '3,"0"')
    decide(board, "anna", label[0], "reject", "p")
    decide(board, "anna", record[0], "accept", "drop")
    assert rows(answers_file(board)[0])[1:] == [
        ["1", "y", "p"],
        ["4", "age", '3,"0"'],
        ["5", "age", '3,"0"'],
        ["6", "age", '3,"0"'],
    ]


def test_people_who_are_even_settle_nothing(board):
    label = places(board, "label")[0]
    decide(board, "anna", label, "accept", "n")
    decide(board, "bo", label, "reject", "p")
    assert answers_file(board)[0] == "row,column,value\n"


def test_every_word_is_in_the_log_undone_and_skipped_ones_too(board):
    decide(board, "anna", 0, "accept", "n")
    board.desk.undo("anna")
    decide(board, "bo", 1, "skip", None)
    header, *said = rows(log_file(board)[0])
    assert header == ["id", *(field.name for field in fields(Decision))]
    verdict, who = header.index("verdict"), header.index("who")
    assert [(row[0], row[verdict], row[who]) for row in said] == [
        ("1", "accept", "anna"),
        ("2", "undo", "anna"),
        ("3", "skip", "bo"),
    ]


def test_votes_are_of_items(board):
    conflict = places(board, "conflict")[0]
    decide(board, "anna", conflict, "edit", "坏")
    header, vote = rows(votes_file(board)[0])
    assert header[:3] == ["item", "voter", "label"]
    assert vote[:3] == [board.desk.queue.case(conflict)["item"], "anna", "坏"]


def test_tasks_for_label_studio(board):
    label, conflict, cell = (places(board, kind)[0] for kind in ("label", "conflict", "cell"))
    decide(board, "anna", label, "accept", "n")
    decide(board, "bo", label, "skip", None)
    decide(board, "anna", conflict, "edit", "坏")
    decide(board, "anna", cell, "accept", "30")
    first, second = json.loads(studio_file(board)[0])
    assert [annotation["completed_by"] for annotation in first["annotations"]] == ["anna", "bo"]
    accepted, skipped = first["annotations"]
    choice = {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": ["n"]}}
    assert (accepted["result"], accepted["was_cancelled"]) == ([choice], False)
    assert (skipped["result"], skipped["was_cancelled"]) == ([], True)
    assert accepted["created_at"].endswith("Z")
    assert first["predictions"][0]["result"] == [choice]
    assert (first["id"], first["data"]["row"], first["data"]["y"]) == (1, 1, "p")
    assert (second["id"], second["data"]["item"]) == (2, board.desk.queue.case(conflict)["item"])
    assert "文字" in second["data"]["text"]


def test_what_was_taken_back_is_in_no_task(board):
    label = places(board, "label")[0]
    decide(board, "anna", label, "accept", "n")
    decide(board, "bo", label, "reject", "p")
    board.desk.undo("anna")
    (task,) = json.loads(studio_file(board)[0])
    assert [annotation["completed_by"] for annotation in task["annotations"]] == ["bo"]
    board.desk.undo("bo")
    assert json.loads(studio_file(board)[0]) == []
