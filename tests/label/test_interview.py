"""Questions under way, with a line that answers at once."""

import threading

import pytest

from karat.label.answer_cache import AnswerCache
from karat.label.endpoint import Reply
from karat.label.interview import MOST_TOKENS, TOKENS_TO_THINK, Interview, Task
from karat.label.spending import Budget, QuestionCost


class Line:
    """Answers from a function of the body, and remembers how many questions were under way."""

    address = "http://here/v1"

    def __init__(self, answer):
        self.answer, self.bodies, self.cost = answer, [], QuestionCost()
        self.busy, self.most, self.lock = 0, 0, threading.Lock()

    def ask(self, body):
        with self.lock:
            self.bodies.append(body)
            self.busy += 1
            self.most = max(self.most, self.busy)
        reply = self.answer(body)
        with self.lock:
            self.busy -= 1
        return reply


def interview(answer, parallel=1, budget=None, kept=None):
    line = Line(answer)
    return Interview(Task("m", ("a", "b"), parallel), line, kept or AnswerCache(None), budget or Budget(0, 0, 0)), line


def question(body):
    return body["messages"][0]["content"]


def test_answers_come_in_the_order_of_the_questions_and_each_is_sent_once():
    asked, line = interview(lambda body: Reply(question(body).upper()), parallel=3)
    assert [reply.text for reply in asked.replies(["x", "y", "x", "z"])] == ["X", "Y", "X", "Z"]
    assert len(line.bodies) == 3
    assert line.most <= 3


def test_refusals_and_silence_are_no_answers():
    asked, line = interview(lambda body: None if question(body) == "x" else Reply("", refused="400: no"))
    assert asked.replies(["x", "y"]) == [None, None]
    assert line.cost.refused == 1


def test_an_answer_that_was_cut_is_asked_for_with_room():
    asked, line = interview(
        lambda body: Reply("a", cut=False) if body["max_tokens"] > MOST_TOKENS else Reply("", cut=True)
    )
    assert asked.replies(["x"])[0].text == "a"
    assert [body["max_tokens"] for body in line.bodies] == [MOST_TOKENS, TOKENS_TO_THINK]
    whole, line = interview(lambda body: Reply("b", cut=True))
    assert whole.replies(["x"])[0].text == "b"
    assert len(line.bodies) == 1


def test_a_question_that_does_not_fit_into_the_money_waits_for_money_set_aside():
    budget = Budget(1.0, 0.0, 1e6 / (2 * MOST_TOKENS + TOKENS_TO_THINK))  # one question at its most costs all there is
    asked, line = interview(lambda body: Reply("a"), parallel=4, budget=budget)
    assert all(reply.text == "a" for reply in asked.replies(["x", "y", "z"]))
    assert line.most == 1
    budget.pay(0, TOKENS_TO_THINK)
    assert asked.replies(["u", "v"]) == [None, None]
    assert line.cost.unasked == 2


def test_an_error_stops_the_rest():
    def fails(body):
        raise RuntimeError("gone")

    asked, _ = interview(fails, parallel=2)
    with pytest.raises(RuntimeError, match="gone"):
        asked.replies(["x", "y", "z"])


def test_kept_answers_are_not_asked_for_again(tmp_path):
    kept = AnswerCache(tmp_path / "a.sqlite")
    first, _ = interview(lambda body: Reply("a", 0.5), kept=kept)
    first.replies(["x"])
    again, line = interview(lambda body: Reply("b"), kept=kept)
    assert again.replies(["x", "x"]) == [Reply("a", 0.5)] * 2
    assert (line.bodies, line.cost.cached) == ([], 2)
    kept.close()
