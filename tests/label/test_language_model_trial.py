import json

import pyarrow as pa
import pytest

from karat.label.items import COST, votes_table
from karat.label.language_model_trial import trial_of
from karat.label.spending import QuestionCost


def tried(rest=100, **cost):
    votes = votes_table(["a", "b", "c"], ["m"] * 3, ["ham", "ham", "spam"])
    bill = QuestionCost(**({"asked": 4, "tokens_in": 400, "tokens_out": 8, "money": 0.02} | cost))
    votes = votes.replace_schema_metadata({COST: bill.as_json().encode()})
    return trial_of("m", votes, list("abcd"), {"a": "ham", "b": "spam", "c": "spam", "d": "spam"}, rest)


def test_a_trial_says_how_often_how_and_at_what_cost():
    words = str(tried()).splitlines()
    assert words[0] == "trial      m: right on 2 of 4 known answers [0.15, 0.85]"
    assert words[1].split() == ["ham", "1", "of", "1", "right;", "said", "2", "times,", "no", "answer", "0", "times"]
    assert words[2].split() == [
        "spam",
        "1",
        "of",
        "3",
        "right,",
        "mostly",
        "as",
        "ham;",
        "said",
        "1",
        "times,",
        "no",
        "answer",
        "1",
        "times",
    ]
    assert words[3] == "expected   0.5000 of money, 10,000 + 200 tokens for 100 more records"
    assert json.loads(json.dumps(tried().as_dict()))["classes"][1]["mostly"] == "ham"


def test_answers_from_the_cache_say_nothing_of_the_cost():
    assert tried(cached=2).expected()["money"] == pytest.approx(1.0)
    assert tried(cached=4).expected()["money"] == 0.0
    assert pa.types.is_string(votes_table(["a"], ["m"], ["x"])["label"].type)
