import json

import pytest

from karat.label.spending import Budget, QuestionCost


def test_costs_are_written_in_full_and_add_up():
    names = ("asked", "cached", "retried", "unanswered", "refused", "outside", "unasked", "tokens_in", "tokens_out")
    assert json.loads(QuestionCost(asked=3, money=0.5).as_json()) == dict.fromkeys(names, 0) | {
        "asked": 3,
        "seconds": 0.0,
        "money": 0.5,
    }
    assert QuestionCost(asked=3, money=0.5) + QuestionCost(asked=1, refused=2) == QuestionCost(
        asked=4, refused=2, money=0.5
    )


def test_money_set_aside_is_not_set_aside_twice():
    budget = Budget(1.0, 100_000, 0)
    assert budget.reserve(0.6)
    assert not budget.reserve(0.5)
    budget.pay(2, 0)
    assert budget.spent == pytest.approx(0.2)
    budget.release(0.6)
    assert budget.reserve(0.8)
    assert not budget.reserve(0.01)
    assert Budget(0.0, 1, 1).reserve(1e9)
