"""Records of a chat go once, for the first reason, and only where that is sure."""

import json

import pytest

from karat.clean import drop_chat_records
from karat.core.registry import units
from karat.flow.refine import refine

GOOD = [f"Both, {i} and {i}, make {2 * i}.\n#### {2 * i}" for i in range(40)]


def records():
    made = [{"question": f"What is the sum of {i} and {i}, friend?", "answer": text} for i, text in enumerate(GOOD)]
    made.append({"question": "Which number comes after four hundred?", "answer": "We add 400 and"})
    made.append({"question": "WHAT is the sum of 7 and 7, friend?!", "answer": GOOD[7]})
    made.append({"question": "What is the sum of 9 and 9, friend?", "answer": "Both, 9 and 9, make 18.\n#### 21"})
    made.append({"question": "", "answer": "#### 5"})
    made.append({"question": "Tell me a secret of the old town.", "answer": "I cannot help with that.\n#### no"})
    made.append(dict(made[3]))
    return made


@pytest.fixture
def refined(chat_block):
    return refine(chat_block(records()))


def test_each_goes_for_its_reason_and_no_other(refined):
    gone = {}
    for family, patch in refined.patches.items():
        for row in patch.to_pylist():
            assert row["action"] == "drop"
            assert row["row"] not in gone
            assert json.loads(row["before"])["answer"] == records()[row["row"]]["answer"]
            gone[row["row"]] = family
    assert gone == {
        40: "truncated answers",
        41: "near-duplicate questions",
        42: "contradictory answers",
        43: "broken chats",
        45: "duplicates",
    }


def test_a_duplicate_names_what_is_kept_and_a_refusal_waits_for_a_person(refined):
    near = refined.patches["near-duplicate questions"].to_pylist()
    assert [(row["row"], row["keeper"]) for row in near] == [(41, 7)]
    assert refined.waiting["row"].to_pylist() == [44]


def test_what_is_less_sure_stays(chat_block):
    block = chat_block(records())
    found = refine(block).findings
    fix = drop_chat_records.DropTruncatedAnswers(min_confidence=0.99)
    assert fix.propose(block, found).num_rows == 0


def test_every_reason_has_its_place_in_the_order():
    fixes = [unit for unit in units("fix").values() if unit.__module__ == drop_chat_records.__name__]
    named = {code for fix in fixes for code in fix.mends}
    assert named == set(drop_chat_records.ORDER) - {"DuplicateRecords"}
    assert named <= units("check").keys()
