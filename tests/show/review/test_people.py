"""Who did how much, and how far people agree, counted by hand."""

import pytest

from karat.flow.decisions import FILE, Decisions
from karat.show.review.assignment import Filter, ReviewDesk
from karat.show.review.people import agreement, alpha, workers
from karat.show.review.queue import open_queue

ALL = Filter()


@pytest.fixture
def desk(run):
    decisions = Decisions(run / FILE)
    yield ReviewDesk(open_queue(run), decisions, lambda: 1000.0)
    decisions.close()


def decide(desk, who, at, verdict="accept", answer="n"):
    desk.decide(who, at, verdict, answer, all_alike=False, only=ALL)
    desk.sync()


def test_alpha_is_that_of_the_textbook():
    by_observer = (
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    )
    columns = zip(*(line.split() for line in by_observer), strict=True)
    units = [[value for value in column if value != "."] for column in columns]
    assert alpha(units) == pytest.approx(0.743, abs=5e-4)
    assert alpha([["a", "a"]]) is None


@pytest.mark.parametrize(
    ("units", "value"),
    [
        ([["a", "a"], ["b", "b"]], 1.0),
        ([["a", "a"], ["a", "b"]], 0.0),
        ([["a", "b"], ["a", "b"]], -0.5),
        ([["a", "a", "b"], ["b", "b", "b"]], 0.375),
        ([["a", "a", "b"], ["b", "b", "b"], ["a"]], 0.375),
        ([], None),
    ],
)
def test_alpha_by_hand(units, value):
    assert alpha(units) == value


def test_the_busiest_stand_first_and_skips_are_no_decisions(desk):
    decide(desk, "anna", 0)
    decide(desk, "bo", 1, "reject", "x")
    decide(desk, "bo", 2, "accept", "x")
    decide(desk, "cy", 3, "skip", None)
    desk.hand_out("dan", ALL)
    report = [{key: entry[key] for key in ("name", "decided", "skipped", "share_rejected")} for entry in workers(desk)]
    assert report == [
        {"name": "bo", "decided": 2, "skipped": 0, "share_rejected": 0.5},
        {"name": "anna", "decided": 1, "skipped": 0, "share_rejected": 0.0},
        {"name": "cy", "decided": 0, "skipped": 1, "share_rejected": None},
        {"name": "dan", "decided": 0, "skipped": 0, "share_rejected": None},
    ]
    assert all(entry["working"] for entry in workers(desk))


def test_nobody_has_worked_yet(desk):
    assert workers(desk) == []
    assert agreement(desk) == {"cases": 0, "agree": 0, "alpha": None}


def test_two_edits_agree_only_where_they_wrote_the_same(desk):
    for who, at, verdict, answer in (
        ("anna", 0, "edit", "x"),
        ("bo", 0, "edit", "y"),
        ("anna", 1, "edit", "x"),
        ("bo", 1, "edit", "x"),
        ("anna", 2, "accept", "x"),
        ("bo", 2, "skip", None),
        ("anna", 3, "accept", "x"),
        ("bo", 3, "accept", "x"),
    ):
        decide(desk, who, at, verdict, answer)
    report = agreement(desk)
    assert (report["cases"], report["agree"]) == (3, 2)
    assert report["alpha"] is not None
