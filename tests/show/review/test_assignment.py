"""Cases are handed out to one person at a time, decided, taken back; two servers see each other's words."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.errors import MachineError
from karat.flow.decisions import FILE, Decisions
from karat.flow.review import REVIEW
from karat.show.review.assignment import LEASE_SECONDS, Filter, ReviewDesk
from karat.show.review.people import agreement, workers
from karat.show.review.queue import open_queue

ALL = Filter()


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(run, clock):
    return ReviewDesk(open_queue(run), Decisions(run / FILE), clock)


def decide(desk, who, at, verdict="accept", answer="n", *, all_alike=False, only=ALL):
    return desk.decide(who, at, verdict, answer, all_alike=all_alike, only=only)


def test_two_people_never_have_one_case_before_them(desk):
    assert (desk.hand_out("anna", ALL), desk.hand_out("bo", ALL), desk.hand_out("cy", ALL)) == (0, 1, 2)
    assert desk.hand_out("anna", ALL) == 0


def test_a_case_comes_back_when_its_time_is_over(desk, clock):
    assert desk.hand_out("anna", ALL) == 0
    clock.now += LEASE_SECONDS + 1
    assert desk.hand_out("bo", ALL) == 0


def test_a_decision_hands_out_the_next_and_counts(desk):
    desk.hand_out("anna", ALL)
    assert decide(desk, "anna", 0) == 1
    assert desk.voices.tolist()[:2] == [1, 0]
    assert desk.answers(0) == {"anna": "n"}
    assert desk.estimate.decided == 1


def test_the_time_taken_is_written(desk, clock):
    desk.hand_out("anna", ALL)
    clock.now += 7.5
    decide(desk, "anna", 0)
    assert desk.decisions.since(0)[0][1].seconds == 7.5


def test_one_in_ten_is_seen_by_two_and_a_third_decides_a_dispute(desk):
    decide(desk, "anna", 0)
    assert desk.hand_out("bo", ALL) == 0
    decide(desk, "bo", 0, "reject", "p")
    assert desk.split == {0}
    assert desk.hand_out("cy", ALL) == 0
    decide(desk, "cy", 0)
    assert desk.hand_out("di", ALL) != 0


def test_a_skipped_case_goes_to_somebody_else(desk):
    desk.hand_out("anna", ALL)
    assert decide(desk, "anna", 0, "skip", None) == 1
    assert desk.voices[0] == 0
    assert desk.hand_out("bo", ALL) == 0


def test_undo_brings_the_case_back_and_then_the_one_before(desk):
    decide(desk, "anna", 0)
    decide(desk, "anna", 1)
    assert desk.undo("anna") == 1
    assert desk.undo("anna") == 0
    assert desk.undo("anna") is None
    assert desk.voices.sum() == 0
    assert desk.estimate.decided == 0
    assert len(desk.decisions.since(0)) == 4


def test_nobody_undoes_the_word_of_another(desk):
    decide(desk, "anna", 0)
    assert desk.undo("bo") is None
    assert desk.voices[0] == 1


def test_all_alike_are_settled_and_taken_back_with_one_key(desk):
    assert desk.open_alike("anna", 3) == 3
    with desk.decisions.turn():  # she has it in front of her: the time taken is hers over this one alone
        desk.decisions.lease(desk.queue.case(3)["key"], "anna", desk.clock(), desk.clock() + 60)
    decide(desk, "anna", 3, answer="30", all_alike=True)
    assert desk.voices.tolist()[2:5] == [1, 1, 1]
    rows = {one.row: one.seconds for _, one in desk.decisions.since(0)}
    assert set(rows) == {4, 5, 6}
    assert sum(seconds is not None for seconds in rows.values()) == 1
    assert desk.undo("anna") == 3
    assert desk.voices.sum() == 0


def test_a_filter_keeps_to_its_kind_check_and_column(desk):
    assert desk.hand_out("anna", Filter("pair")) == 7
    assert desk.hand_out("anna", Filter(check="CodePatterns")) == 5
    assert desk.hand_out("anna", Filter(column="age")) == 2
    assert desk.hand_out("anna", Filter("nonsense")) is None
    assert desk.hand_out("anna", Filter(check="nonsense")) is None


def test_two_servers_at_once_lose_nothing(run, desk, clock):
    other = ReviewDesk(open_queue(run), Decisions(run / FILE), clock)
    assert desk.hand_out("anna", ALL) == 0
    assert other.hand_out("bo", ALL) == 1
    decide(desk, "anna", 0)
    decide(other, "bo", 1)
    decide(desk, "anna", 1, "reject", "p")
    desk.sync()
    other.sync()
    assert desk.answers(1) == other.answers(1) == {"anna": "p", "bo": "n"}
    assert other.split == desk.split == {1}
    other.undo("bo")
    desk.sync()
    assert desk.answers(1) == {"anna": "p"}


def test_a_full_disk_is_told_and_what_was_not_saved_does_not_count(desk):
    decide(desk, "anna", 0)
    pages = desk.decisions._db.execute("PRAGMA page_count").fetchone()[0]
    desk.decisions._db.execute(f"PRAGMA max_page_count={pages}")

    def fill():
        for at in range(1, 12):
            decide(desk, "anna", at, "edit", "x" * 5_000)

    with pytest.raises(MachineError, match="full"):
        fill()
    assert int(desk.voices.sum()) == len(desk.decisions.since(0)) < 12
    desk.decisions._db.execute(f"PRAGMA max_page_count={pages + 1_000}")
    decide(desk, "anna", 11)
    assert desk.voices[11] == 1


def test_a_new_start_knows_all_that_was_decided(run, desk, clock):
    decide(desk, "anna", 0)
    decide(desk, "anna", 3, answer="30", all_alike=True)
    again = ReviewDesk(open_queue(run), Decisions(run / FILE), clock)
    assert again.voices.tolist() == desk.voices.tolist()
    assert again.estimate.left() == pytest.approx(desk.estimate.left())
    assert again.undo("anna") == 3


def test_who_did_what_and_how_far_they_agree(desk):
    decide(desk, "anna", 0)
    decide(desk, "anna", 1, "skip", None)
    decide(desk, "bo", 0, "reject", "p")
    told = {one["name"]: one for one in workers(desk)}
    assert (told["anna"]["decided"], told["anna"]["skipped"], told["bo"]["share_rejected"]) == (1, 1, 1.0)
    assert agreement(desk)["agree"] == 0
    assert agreement(desk)["cases"] == 1


def test_equal_records_are_one_question_and_each_keeps_its_partner(tmp_path, clock):
    case = {"column": None, "check": "DuplicateRecords", "action": "drop", "confidence": 0.4, "message": "repeats"}
    rows = [case | {"row": row, "value": str(kept)} for row, kept in ((30, 2), (31, 5), (40, 2))]
    pq.write_table(pa.Table.from_pylist(rows, schema=REVIEW), tmp_path / "review.parquet")
    desk = ReviewDesk(open_queue(tmp_path), Decisions(tmp_path / FILE), clock)
    assert desk.open_alike("anna", 0) == 3
    assert decide(desk, "anna", 0, answer="left", all_alike=True) is None
    said = [(one.row, one.other, one.answer) for _, one in desk.decisions.since(0)]
    assert sorted(said) == [(2, 30, "left"), (2, 40, "left"), (5, 31, "left")]
