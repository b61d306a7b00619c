"""Speakers and their order."""

import pytest

from karat.quality.consistency.broken_turns import BrokenTurns


def chat(*roles):
    return {"messages": [{"role": role, "content": f"words of {role} {at}"} for at, role in enumerate(roles)]}


GOOD = [
    chat("user", "assistant"),
    chat("system", "user", "assistant"),
    chat("human", "gpt", "human", "gpt"),
    chat("user", "assistant", "tool", "tool", "assistant"),
    chat("用户", "助手"),
]


@pytest.mark.parametrize(
    ("roles", "turn"),
    [
        (("user", "user", "assistant"), 1),
        (("user", "assistant", "assistant"), 2),
        (("user", "assistant", "user"), 2),
        (("assistant", "user", "assistant"), 0),
        (("user", "narrator", "assistant"), 1),
        (("user", "assistant", "system", "user", "assistant"), 2),
        (("system",), 0),
    ],
)
def test_a_broken_order_is_told_at_its_turn_and_a_good_one_is_not(told, roles, turn):
    found = told(BrokenTurns(), [*GOOD, chat(*roles)])
    assert found
    assert {row for row, _ in found} == {len(GOOD)}
    assert min(column for _, column in found) == f"messages[{turn}].role"
    assert max(found.values()) >= 0.5


def test_a_turn_without_a_role_and_a_record_without_turns_are_told(told):
    records = [*GOOD, {"messages": [{"role": None, "content": "hello"}, {"role": "assistant", "content": "hi"}]}]
    records.append({"messages": []})
    assert {row for row, _ in told(BrokenTurns(), records)} == {5, 6}


def test_the_better_answer_alone_needs_no_question_before_it(told):
    answer = [{"role": "assistant", "content": "Paris."}]
    assert told(BrokenTurns(), [{"prompt": "Capital?", "chosen": answer, "rejected": answer}]) == {}
