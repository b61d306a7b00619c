"""Many cases at once, whole records, checks switched off, notes and going back: each over HTTP, each undone."""

import re

import pytest

from karat.core.schema import Schema
from karat.flow.decisions import ignored_checks, outcomes
from karat.flow.decisions_applied import Settled
from karat.show.review.assignment import Filter


def key(text):
    return re.search(r'name="key" value="(-?\d+)"', text)[1]


def ticks(text):
    return re.findall(r'name="case" value="(-?\d+)"', text)


def many(client, keys, verdict, **more):
    return client.ask("POST", "/decide-many", [*(("case", one) for one in keys), ("verdict", verdict), *more.items()])


def standing(client):
    return {(o.decision.kind, o.decision.row): o.decision.answer for o in outcomes(client.board.run)}


def test_ticked_lines_are_decided_with_all_that_are_alike_and_undone_as_one(client):
    anna = client()
    page = anna.get("/cases?check=OutOfRange").text
    assert "× 3" in page
    answer = many(anna, ticks(page), "accept", check="OutOfRange")
    assert answer.status_code == 303
    assert "decided=1" in answer.headers["location"]
    assert standing(anna) == {("cell", row): "30" for row in (4, 5, 6)}
    assert "1 decided" in anna.get(answer.headers["location"]).text
    back = anna.ask("POST", "/undo", {"to": "/cases?sort=gain"})
    assert back.headers["location"] == "/cases?sort=gain"
    assert standing(anna) == {}


def test_lines_that_cannot_be_answered_so_stay_open(client):
    anna = client()
    page = anna.get("/cases?kind=next").text
    answer = many(anna, [*ticks(page), "17", "x"], "accept", kind="next")
    assert "decided=0" in answer.headers["location"]
    assert standing(anna) == {}
    assert "Nothing was decided" in anna.get(answer.headers["location"]).text
    assert many(client(""), ticks(page), "accept").status_code == 401


def test_records_and_pairs_are_decided_each_in_its_own_way(client):
    anna = client()
    page = anna.get("/cases?sort=asked").text
    many(anna, ticks(page), "reject", together="0")
    said = standing(anna)
    assert said[("record", 8)] == "keep"
    assert said[("pair", 0)] == "different"
    assert said[("label", 1)] == "p"


def test_a_whole_record_goes_with_its_cases_and_comes_back(client):
    anna = client()
    first = anna.get("/work?column=age&kind=cell").text
    row = anna.board.desk.queue.case(int(re.search(r"/back\?at=(\d+)", first)[1]))["row"]
    total = int(anna.board.desk.mask(Filter(kind="cell")).sum())
    anna.post("/decide-wide", key=key(first), wide="remove-record", kind="cell", column="age")
    assert standing(anna) == {("record", row): "drop"}
    assert Settled.of(outcomes(anna.board.run), Schema(())).dropped[row][1] is None
    assert int(anna.board.desk.mask(Filter(kind="cell")).sum()) == total - 1
    bo = client("bo")
    assert f'<b class="num">{row}</b>' not in bo.get("/work?column=age&kind=cell").text
    anna.post("/undo")
    assert standing(anna) == {}
    assert int(anna.board.desk.mask(Filter(kind="cell")).sum()) == total


def test_a_record_that_is_in_question_is_removed_as_its_own_case(client):
    anna = client()
    first = anna.get("/work?kind=record").text
    anna.post("/decide-wide", key=key(first), wide="remove-record")
    assert standing(anna) == {("record", 8): "drop"}
    desk = anna.board.desk
    assert desk.voices[[at for at in range(desk.queue.size) if desk.queue.case(at)["row"] == 8]].tolist() == [1]


def test_every_value_of_a_record_is_right(client):
    anna = client()
    first = anna.get("/work?check=CodePatterns").text
    anna.post("/decide-wide", key=key(first), wide="keep-record")
    assert standing(anna) == {("cell", 7): "b"}


def test_a_check_is_switched_off_left_out_of_the_next_run_and_asked_again(client):
    anna = client()
    first = anna.get("/work?check=OutOfRange").text
    assert "never ask this again" in first
    anna.post("/decide-wide", key=key(first), wide="never")
    assert ignored_checks(anna.board.run) == {"OutOfRange"}
    assert not anna.board.desk.mask(Filter(check="OutOfRange"))[[0]].any()
    open_ = anna.board.desk.mask(Filter(check="OutOfRange")) & (anna.board.desk.voices == 0)
    assert not open_.any()
    home = anna.get("/").text
    assert "Checks switched off" in home
    anna.ask("POST", "/ask-again", {"check": "OutOfRange", "to": "/"})
    assert ignored_checks(anna.board.run) == frozenset()
    assert "Checks switched off" not in anna.get("/").text
    assert anna.board.desk.mask(Filter(check="OutOfRange")).sum() == 3


def test_switching_a_check_off_is_undone_like_any_decision(client):
    anna = client()
    many(anna, ticks(anna.get("/cases?check=OutOfRange").text), "never")
    assert ignored_checks(anna.board.run) == {"OutOfRange"}
    anna.post("/undo")
    assert ignored_checks(anna.board.run) == frozenset()
    assert standing(anna) == {}


@pytest.mark.parametrize(
    ("query", "what"), [("kind=conflict", "never"), ("kind=pair", "remove-record"), ("kind=cell", "odd")]
)
def test_what_makes_no_sense_changes_nothing(client, query, what):
    anna = client()
    first = anna.get(f"/work?{query}").text
    anna.post("/decide-wide", key=key(first), wide=what)
    assert standing(anna) == {}
    assert anna.post("/decide-wide", key="x", wide="never").status_code == 200
    assert client("").post("/decide-wide", key=key(first), wide="never").status_code == 401


def test_a_note_is_kept_and_shown_to_the_next(client):
    anna = client()
    first = anna.get("/work?kind=record").text
    shown = anna.post("/note", key=key(first), note=" asked the <b>clinic</b>\r\n ", kind="record").text
    assert "asked the &lt;b&gt;clinic&lt;/b&gt;" in shown
    assert key(shown) == key(first)
    assert [(who, text) for _, who, _, text in anna.board.decisions.notes()] == [("anna", "asked the <b>clinic</b>")]
    anna.post("/note", key=key(first), note="  ")
    client("").post("/note", key=key(first), note="x")
    assert len(anna.board.decisions.notes(int(key(first)))) == 1
    assert "clinic" in anna.get("/export/notes.csv").text


def test_back_goes_from_case_to_case_without_undoing(client):
    anna = client()
    seen = []
    page = anna.get("/work").text
    for _ in range(3):
        seen.append(re.search(r"/back\?at=(\d+)", page)[1])
        page = anna.post("/decide", key=key(page), verdict="reject").text
    here = re.search(r"/back\?at=(\d+)", page)[1]
    for expected in [*reversed(seen), seen[0]]:
        to = anna.get(f"/back?at={here}").headers["location"]
        here = re.match(r"/work/(\d+)", to)[1]
        assert here == expected
    assert len(standing(anna)) == 3
    assert anna.get("/back").headers["location"].startswith("/work/")
    assert client("new").get("/back?at=x").headers["location"] == "/work"
