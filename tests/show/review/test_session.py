"""One folder on the page: read once, and anew when it changes."""

import json

import pyarrow.parquet as pq
import pytest

from karat.core.errors import InputError
from karat.show.review.session import Board


@pytest.fixture
def board(run):
    board = Board(run)
    yield board
    board.close()


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(InputError, match="is not a run folder"):
        Board(tmp_path)


def test_reading_is_told(run):
    ticks = []
    Board(run, lambda what, done: ticks.append((what, done))).close()
    assert ticks == [
        ("review.parquet", pq.read_metadata(run / "review.parquet").num_rows),
        ("labels.parquet", pq.read_metadata(run / "labels.parquet").num_rows),
    ]


def test_what_is_computed_is_kept_until_the_folder_changes(run, board):
    calls = []

    def make():
        calls.append(1)
        return len(calls)

    assert [board.once("a", make), board.once("a", make), board.once("b", make)] == [1, 1, 2]
    board.refresh()
    assert board.once("a", make) == 1
    (run / "scores.json").write_text("{}", encoding="utf-8")
    board.refresh()
    assert board.once("a", make) == 3


def test_a_new_list_of_cases_is_read(run, board):
    assert board.desk.queue.size == 12
    waiting = pq.read_table(run / "review.parquet")
    pq.write_table(waiting.slice(0, 1), run / "review.parquet")
    assert board.desk.queue.size == 12
    board.refresh()
    assert board.desk.queue.size == 5


def test_name_and_size(run, board):
    assert board.name == json.loads((run / "run.json").read_text())["name"]
    assert board.cells == 40 * 5
    (run / "accounting.json").unlink()
    assert Board(run).cells == 0


def test_columns_asked_about_are_warmed(board):
    warmed = []
    board.warm(lambda _board, column: warmed.append(column) or len(warmed))
    assert sorted(warmed) == sorted({column for column in board.desk.queue.coded("column")[1] if column})
    assert board.once(("shape", warmed[1]), lambda: "late") == 2


def test_instructions_come_from_the_runs_settings_or_from_a_file_named(run, tmp_path):
    (run / "karat.toml").write_text('[review]\ninstructions = "as the run says"\n', encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text('[review]\ninstructions = "拿不准就跳过"\n', encoding="utf-8")
    boards = [Board(run), Board(run, settings=mine)]
    assert [board.instructions for board in boards] == ["as the run says", "拿不准就跳过"]
    for board in boards:
        board.close()


def test_without_settings_there_are_no_instructions(board):
    assert board.instructions == ""
