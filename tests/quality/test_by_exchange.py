"""Checks of answers: findings stand at the answer's cell, answers are counted over blocks."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.core.schema import Column, Role, Schema
from karat.quality.by_exchange import AnsweredExchange, ByExchange, JudgedExchange


@dataclass(frozen=True)
class ShortAnswers(ByExchange):
    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    measure_name: ClassVar[str] = "short answers"

    def judged(self, state, pairs, block):
        for place, answer in enumerate(pairs.answer.to_pylist()):
            if answer is None or len(answer) < 4:
                yield JudgedExchange(place, 0.75, f"{state.answers} answers, this one of {len(answer or '')} letters")


RECORDS = [
    {"messages": [("user", "Who?"), ("assistant", "Ada"), ("user", "Where?"), ("assistant", "London")]},
    {"messages": [("user", "When?"), ("assistant", "in 1815")]},
    {"messages": [("user", "Why?"), ("assistant", "so"), ("user", "How?"), ("assistant", "so")]},
]


def chat(chat_block, records=RECORDS):
    return chat_block(
        [{"messages": [{"role": role, "content": text} for role, text in record["messages"]]} for record in records]
    )


def test_a_finding_stands_at_the_cell_of_its_answer(chat_block):
    block, check = chat(chat_block), ShortAnswers()
    findings = check.judge(check.learn(block), block).to_pylist()
    assert [(row["row"], row["column"], row["value"]) for row in findings] == [
        (0, "messages[1].content", "Ada"),
        (2, "messages[1].content", "so"),
        (2, "messages[3].content", "so"),
    ]
    assert findings[0]["confidence"] == 0.75
    assert findings[0]["message"] == "5 answers, this one of 3 letters"


def test_answers_of_blocks_add_up(chat_block):
    check = ShortAnswers()
    parts = [check.learn(chat(chat_block, RECORDS[:1])), check.learn(chat(chat_block, RECORDS[1:]))]
    merged = parts[0].merge(parts[1])
    assert merged == check.learn(chat(chat_block)) == AnsweredExchange(5)
    assert check.total(merged, chat(chat_block).schema) == 5


def test_the_measure_counts_findings_among_answers(chat_block):
    block, check = chat(chat_block), ShortAnswers()
    state = check.learn(block)
    (measure,) = check.measures(state, block.schema, check.judge(state, block))
    assert (measure.bad, measure.total, measure.unit) == (3, 5, "answers")


def test_no_short_answer_gives_an_empty_table(chat_block):
    block, check = chat(chat_block, RECORDS[1:2]), ShortAnswers()
    assert check.judge(check.learn(block), block).num_rows == 0


def test_it_applies_to_questions_and_answers_only():
    asked = Schema((Column("question", Role.TEXT), Column("answer", Role.TEXT)), kind="chat")
    assert ShortAnswers().applies(asked) is None
    assert ShortAnswers().applies(Schema((Column("answer", Role.TEXT),))).reason == (
        "no column of questions and answers"
    )
