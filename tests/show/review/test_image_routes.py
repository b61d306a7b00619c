"""How a column's values lie, and the pages to look around."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.finding import Dimension, findings
from karat.show.review import image_routes
from karat.show.review.image_routes import MAX_LEVELS, _levels, _numbers, column_shape
from karat.show.review.session import Board
from karat.store.versions import Store


@pytest.fixture
def board(run):
    board = Board(run)
    yield board
    board.close()


def test_numbers_are_drawn_with_what_was_found(board):
    shape = column_shape(board, "age")
    assert shape["said"] == "20 … 29.5 … 49"
    assert shape["chart"].count("<circle") == 1  # 300, beyond the axis
    assert shape["blank"] == 0


def test_few_values_are_levels_and_unknown_columns_nothing(board):
    shape = column_shape(board, "y")
    assert [(level["text"], level["count"], level["percent"], level["found"]) for level in shape["levels"]] == [
        ("n", 30, 100.0, 0.0),
        ("p", 10, 33.33, 0.0),
    ]
    assert (shape["said"], shape["different"]) == ("2", 2)
    assert column_shape(board, "none") is None
    assert column_shape(board, "pic") is None  # bytes are no text


def test_only_sure_findings_about_cells_are_marked(run):
    sure = findings("A", Dimension.ACCURACY, 6, row=list(range(6)), column="y", value="p", confidence=0.5, message="m")
    doubt = findings("A", Dimension.ACCURACY, 9, row=list(range(9)), column="y", value="n", confidence=0.4, message="m")
    whole = findings("A", Dimension.ACCURACY, 1, column="y", value="n", confidence=0.9, message="m")
    pq.write_table(pa.concat_tables([sure, doubt, whole]), run / "findings.parquet")
    shape = column_shape(Board(run), "y")
    marked = {level["text"]: (level["found"], level["wrong"]) for level in shape["levels"]}
    assert marked == {"n": (0.0, False), "p": (20.0, True)}


def test_nine_in_ten_texts_must_be_numbers():
    mixed = pa.chunked_array([[" 1 ", "-2.5", ".5", "1e3", "+7", "0", "8", "9", "10", "x"]])
    assert _numbers(mixed).tolist() == [1, -2.5, 0.5, 1000, 7, 0, 8, 9, 10]
    assert _numbers(mixed.slice(1)) is None
    assert _numbers(mixed.slice(9), strict=False).tolist() == []
    assert _numbers(pa.chunked_array([pa.array([None], pa.string())])) is None


def test_frequent_and_faulty_levels_are_shown():
    values = pa.chunked_array([[f"v{k:02d}" for k in range(40) for _ in range(41 - k)]])
    wrong = pa.chunked_array([["v39", "v39", "v00", "gone", None]])
    shown = _levels(values, wrong)
    texts = [level["text"] for level in shown["levels"]]
    assert texts == [*(f"v{k:02d}" for k in range(MAX_LEVELS // 2)), "v39"]
    assert (shown["different"], shown["said"]) == (40, "40")
    last = shown["levels"][-1]
    assert (last["count"], last["percent"], last["found"], last["wrong"]) == (2, 4.88, 4.88, True)
    assert (shown["levels"][0]["found"], shown["levels"][0]["wrong"]) == (2.44, False)


def test_ten_numbers_are_levels_and_eleven_a_chart(run, monkeypatch):
    board = Board(run)
    for distinct, drawn in ((10, False), (11, True)):
        cells = pa.chunked_array([[str(k % distinct) for k in range(44)]])
        monkeypatch.setattr(image_routes, "_values", lambda _board, _name, cells=cells: cells)
        assert bool(column_shape(board, "age")["chart"]) is drawn


def test_two_versions_are_compared_unless_they_are_giants(run, client, monkeypatch):
    store = Store(run / "store")
    table = pa.table({"a": ["1", "wei@b.cn"]})
    store.commit(table, np.arange(2), parent=None, label="raw", meta={})
    store.commit(table.set_column(0, "a", pa.array(["1", "2"])), np.arange(2), parent=1, label="refined", meta={})
    anna = client()
    text = anna.get("/difference?a=1&b=2").text
    assert "we*@*.**" in text
    assert "wei@b.cn" not in text
    assert anna.get("/difference?a=1&b=9").status_code == 404
    assert anna.get("/difference?a=x&b=2").status_code == 404
    monkeypatch.setattr(image_routes, "MAX_COMPARED_CELLS", 3)
    assert "karat store diff" in anna.get("/difference?a=1&b=2").text
    monkeypatch.setattr(image_routes, "MAX_COMPARED_CELLS", 4)
    assert "karat store diff" not in anna.get("/difference?a=1&b=2").text


def test_a_page_for_each_column_by_its_place(run, client):
    anna = client()
    assert anna.get("/column/4").status_code == 200
    assert anna.get("/column/5").status_code == 404
    (run / "scores.json").write_text(
        json.dumps({"before": {"dimensions": {"accuracy": {"score": 0.5, "low": 0.4, "high": 0.6}}}}), encoding="utf-8"
    )
    assert "0.500" in anna.get("/scores").text
