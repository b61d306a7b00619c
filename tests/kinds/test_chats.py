"""Chats are recognised by their turns, or by questions with their answers."""

from karat import kinds
from karat.core.schema import Role
from tests.kinds._samples import facts_of, kind_of, sample_of

QUESTIONS = [f"What is the capital of country number {at}, and who lives there?" for at in range(40)]


def test_lists_of_turns_are_a_chat_whatever_stands_beside_them():
    turns = {"messages[0].role": ["user"] * 40, "messages[0].content": QUESTIONS, "score": range(40)}
    sample = sample_of(turns)
    assert kind_of(sample) == "chat"
    assert kinds.of("chat").roles(sample)["messages[0].content"].role is Role.TEXT


def test_two_short_columns_with_such_names_are_no_chat_unless_set():
    short = sample_of({"question": ["a", "b"] * 20, "answer": ["c", "d"] * 20})
    assert kind_of(short) == "table"
    assert kinds.of("chat").roles(short).kind == "chat"
    assert kind_of(sample_of({"question": QUESTIONS, "answer": ["c", "d"] * 20})) == "chat"


def test_an_answer_to_predict_is_a_table():
    assert kind_of(sample_of({"question": QUESTIONS, "answer": ["c", "d"] * 20}, target="answer")) == "table"


def test_it_says_who_speaks_and_how_often():
    turns = {
        "messages[0].role": ["user"] * 4,
        "messages[0].content": ["Why is that?"] * 4,
        "messages[1].role": ["assistant"] * 3 + [None],
        "messages[1].content": ["Because."] * 3 + [None],
    }
    facts = facts_of(turns, "chat")
    assert facts == {"turns": "1.8 a conversation on average, 2 at most", "speakers": "assistant, user"}
    assert facts_of({"question": ["Why?"] * 3, "answer": ["So."] * 3}, "chat") == {"answers": "'answer' to 'question'"}
