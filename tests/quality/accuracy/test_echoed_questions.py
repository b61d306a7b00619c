"""Answers that repeat the question."""

from karat.quality.accuracy.echoed_questions import EchoedQuestions


def test_an_echo_is_told_in_any_case_and_language(told):
    records = [
        {"question": "What is the capital of France?", "answer": "Paris is the capital of France."},
        {"question": "What is the capital of France?", "answer": "what is the capital of  France"},
        {"question": "法国的首都是哪里？", "answer": "法国的首都是哪里"},
        {"question": "Hi", "answer": "hi"},
    ]
    found = told(EchoedQuestions(), records)
    assert {row for (row, _), sure in found.items() if sure >= 0.5} == {1, 2}


def test_a_text_that_is_to_be_corrected_may_come_back_as_it_was(told):
    records = [{"instruction": "Correct: He went home.", "output": "Correct: he went home"}]
    assert max(told(EchoedQuestions(), records).values()) < 0.5
