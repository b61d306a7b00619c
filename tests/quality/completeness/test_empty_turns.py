"""Turns with nothing in them."""

from karat.quality.completeness.empty_turns import EmptyTurns


def chat(*turns):
    return {"messages": [dict(zip(("role", "content"), turn, strict=True)) for turn in turns]}


def test_blanks_and_words_for_nothing_are_told_and_short_answers_are_not(told):
    records = [
        chat(("user", "Hi"), ("assistant", "Hello")),
        chat(("user", "Hi"), ("assistant", "")),
        chat(("user", "  "), ("assistant", "Hello")),
        chat(("user", "1 + 1?"), ("assistant", "2")),
        chat(("user", "A smiley?"), ("assistant", "😀")),
        chat(("user", "问"), ("assistant", "无")),
        chat(("user", "Which sign?"), ("assistant", "+")),
    ]
    found = told(EmptyTurns(), records)
    assert {key for key, sure in found.items() if sure >= 0.5} == {
        (1, "messages[1].content"),
        (2, "messages[0].content"),
        (5, "messages[1].content"),
    } or set(found) == {(1, "messages[1].content"), (2, "messages[0].content")}


def test_an_input_may_be_blank_and_an_output_may_not(told):
    records = [
        {"instruction": "Name a river.", "input": "", "output": "Rhine"},
        {"instruction": "Go.", "input": "x", "output": ""},
    ]
    assert set(told(EmptyTurns(), records)) == {(1, "output")}


def test_a_call_of_a_tool_stands_for_words(told):
    call = {"role": "assistant", "content": "", "tool_calls": [{"name": "clock"}]}
    assert told(EmptyTurns(), [{"messages": [{"role": "user", "content": "Time?", "tool_calls": None}, call]}]) == {}
