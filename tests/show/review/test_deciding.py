"""What a form means, worked out without a page."""

import asyncio
import json
from types import SimpleNamespace

import numpy as np
import pytest

from karat.show.review.assignment import Filter
from karat.show.review.deciding import (
    CURVE_POINTS,
    MAX_FORM_BYTES,
    Deciding,
    _changed,
    _edited,
    _pressed,
    curve,
    filtered,
    known_case,
    read_form,
    within,
)
from karat.show.review.session import Board


@pytest.fixture
def work(run):
    board = Board(run)
    yield Deciding(board)
    board.close()


def form_of(*parts):
    async def stream():
        for part in parts:
            yield part

    return asyncio.run(read_form(SimpleNamespace(stream=stream)))


def test_a_form_is_read_from_its_parts_the_last_of_a_name_counts():
    assert form_of(b"a=1&b=&a", b"=2&%E5%9F%8E=%E5") == {"a": "2", "b": "", "城": "\ufffd"}
    assert form_of() == {}


def test_a_form_that_is_too_large_counts_as_empty():
    body = b"a=" + b"x" * (MAX_FORM_BYTES - 2)
    assert len(form_of(body)["a"]) == MAX_FORM_BYTES - 2
    assert form_of(body, b"x") == {}


@pytest.mark.parametrize(
    ("form", "verdict", "answer", "alike"),
    [
        ({"verdict": "accept"}, "accept", None, None),
        ({"verdict": "skip", "pick": "p"}, "edit", "p", None),
        ({"side": "right"}, "accept", "right", None),
        ({"everything": "reject"}, "reject", None, "1"),
    ],
)
def test_a_button_may_say_more_than_a_verdict(form, verdict, answer, alike):
    pressed = _pressed(form)
    assert (pressed["verdict"], pressed.get("answer"), pressed.get("alike")) == (verdict, answer, alike)


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("/work?kind=cell", "/work?kind=cell"),
        ("//evil.example", "/evil.example"),
        ("https://evil.example", "/https://evil.example"),
        ("/\\evil", "/"),
        ("/a\nb", "/"),
        ("/a\rb", "/"),
        ("", "/"),
    ],
)
def test_addresses_stay_on_this_page(address, inside):
    assert within(address) == inside


def test_a_case_is_known_by_its_key(work):
    desk = work.board.desk
    keys = desk.queue.narrow("key")
    assert [known_case(str(key), desk) for key in keys] == list(range(len(keys)))
    for odd in ("", "x", "-", "1.5", str(1 << 63), "-" + str(1 << 63), str(int(np.max(keys)) - 1)):
        assert known_case(odd, desk) is None


def test_changed_cells_of_a_record():
    record = {"a": "1", "b": None, "c": "x\ny", "d": "q"}
    sent = {"cell.0": "1", "cell.1": "", "cell.2": "x\r\ny", "cell.3": "w", "cell.9": "z"}
    assert _changed(record, sent) == {"d": "w"}
    assert _changed(record, {"cell.1": "2"}) == {"b": "2"}
    assert _changed(None, sent) == {}


@pytest.mark.parametrize(
    ("answer", "kind", "meaning"),
    [
        ("30", "cell", ("accept", "30")),
        ("300", "cell", ("reject", "300")),
        ("31", "cell", ("edit", "31")),
        ("", "cell", ("edit", "")),
        ("", "label", None),
        ("", "conflict", None),
        ("", "next", None),
        ("x", "label", ("edit", "x")),
        ("a\r\nb", "cell", ("edit", "a\nb")),
    ],
)
def test_what_was_written_is_an_edit_only_where_it_is_new(answer, kind, meaning):
    assert _edited(answer, {"kind": kind, "value": "300"}, "30", "300") == meaning


def test_line_ends_of_the_data_are_kept():
    case = {"kind": "cell", "value": "a\r\nb"}
    assert _edited("a\r\nb", case, None, "a\r\nb") == ("reject", "a\r\nb")


def place(work, kind):
    queue = work.board.desk.queue
    return next(at for at in range(queue.size) if queue.case(at)["kind"] == kind)


@pytest.mark.parametrize(
    ("kind", "form", "meaning"),
    [
        ("label", {"verdict": "skip"}, ("skip", None)),
        ("label", {"verdict": "accept"}, ("accept", "n")),
        ("label", {"verdict": "other"}, None),
        ("label", {}, None),
        ("record", {"verdict": "accept"}, ("accept", "drop")),
        ("record", {"verdict": "edit", "answer": "x"}, None),
        ("pair", {"verdict": "accept", "answer": "right"}, ("accept", "right")),
        ("pair", {"verdict": "accept", "answer": "middle"}, ("accept", "left")),
        ("pair", {"verdict": "edit", "answer": "right"}, None),
        ("conflict", {"verdict": "reject"}, None),
        ("next", {"verdict": "accept"}, ("accept", "{}")),
        ("next", {"verdict": "accept", "cell.0": "99"}, ("edit", json.dumps({"age": "99"}))),
    ],
)
def test_verdict_and_answer_of_a_form(work, kind, form, meaning):
    assert work.meant(form, place(work, kind)) == meaning


def test_progress_counts_cases_of_a_filter(work):
    desk = work.board.desk
    assert {key: work.progress()[key] for key in ("total", "done")} == {"total": 10, "done": 0}
    desk.decide("anna", place(work, "cell"), "accept", "30", all_alike=True, only=Filter())
    cells = work.progress(Filter(kind="cell"))
    assert cells["done"] == 3
    assert cells["total"] == work.progress(Filter(kind="cell", column="age"))["total"] + 1
    assert work.progress(Filter(kind="none"))["total"] == 0
    assert work.progress(Filter(kind="conflict"))["left"] is None
    assert 0 < work.progress()["right_share"] < 1


def test_a_filter_from_an_address():
    assert filtered({"kind": "cell", "column": "年", "page": "2"}) == Filter("cell", "", "年")
    assert filtered({}) == Filter()


def test_the_curve_of_errors_left():
    assert curve([]) == curve([(0, 5.0)]) == curve([(3, 5.0), (3, 4.0)]) == ""
    assert curve([(0, 10.0), (5, 5.0), (10, 0.0)]) == "0.00,2.00 50.00,15.50 100.00,29.00"
    assert curve([(0, 0.0), (1, 0.0)]) == "0.00,29.00 100.00,29.00"
    many = curve([(k, 1.0) for k in range(10 * CURVE_POINTS)]).split()
    assert CURVE_POINTS <= len(many) <= CURVE_POINTS + 2
    assert many[-1].startswith("100.00,")
