"""One question, answers that exclude each other."""

import pytest

from karat.quality.consistency.contradictory_answers import ContradictoryAnswers


def sure(found):
    return {row for (row, _), chance in found.items() if chance >= 0.5}


FILL = [{"question": f"What is {i} + {i}?", "answer": f"{i} + {i} = {2 * i}\n#### {2 * i}"} for i in range(2, 12)]


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("Is the Earth flat?", "Yes, it is.", "No."),
        ("地球是平的吗？", "是的。", "不是，地球是圆的。"),
        ("Which one? (A) sun (B) moon", "(A) sun", "B"),
        ("How many legs has a spider?", "A spider has 8 legs.", "It has 6 of them."),
        ("What is the capital of France?", "Paris", "London"),
    ],
)
def test_two_answers_that_exclude_each_other_are_both_told(told, question, one, other):
    found = told(
        ContradictoryAnswers(), [*FILL, {"question": question, "answer": one}, {"question": question, "answer": other}]
    )
    assert {row for row, _ in found} == {10, 11}
    assert max(found.values()) >= 0.45


@pytest.mark.parametrize(
    ("one", "other"),
    [("The answer is 12.", "#### 12.0"), ("Yes, of course.", "yes"), ("\\boxed{1,200}", "The answer is 1200")],
)
def test_the_same_answer_written_otherwise_is_none(told, one, other):
    assert told(ContradictoryAnswers(), [{"question": "So?", "answer": one}, {"question": "so", "answer": other}]) == {}


def test_the_answer_its_own_reasoning_bears_out_is_believed(told):
    right = {"question": "Ann has 3 bags of 4 nuts. How many?", "answer": "3 * 4 = 12\n#### 12"}
    wrong = right | {"answer": "3 * 4 = 12\n#### 15"}
    assert sure(told(ContradictoryAnswers(), [right, *FILL, wrong])) == {11}


def test_the_answer_of_the_few_is_told_and_alternatives_are_not(told):
    records = [{"question": "2 + 2?", "answer": text} for text in ("4", "4", "5")]
    records += [
        {"question": "Write a poem.", "answer": text} for text in ("The sun is low and red." * 4, "A cat sat." * 9)
    ]
    assert sure(told(ContradictoryAnswers(), records)) == {2}


def test_what_was_said_before_belongs_to_the_question(told):
    def chat(first, answer):
        turns = [("user", first), ("assistant", "ok"), ("user", "How many?"), ("assistant", answer)]
        return {"messages": [{"role": role, "content": text} for role, text in turns]}

    assert told(ContradictoryAnswers(), [chat("cats", "4"), chat("dogs", "5")]) == {}
    found = told(ContradictoryAnswers(), [chat("cats", "4"), chat("Cats!", "5")])
    assert set(found) == {(0, "messages[3].content"), (1, "messages[3].content")}


def test_the_worse_answer_of_a_pair_contradicts_nobody(told):
    assert told(ContradictoryAnswers(), [{"prompt": "2 + 2?", "chosen": "4", "rejected": "5"}]) == {}
