"""Refusals and boilerplate, in English and Chinese, and what only looks like them."""

import pytest

from karat.quality.accuracy.refusals import Refusals


def pair(answer, question="Name a river."):
    return {"instruction": question, "output": answer}


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but I can't assist with that.",
        "Sorry, I am unable to provide this information.",
        "I cannot help with that request.",
        "As an AI language model, I have no favourite river.",
        "As a large language model I do not travel.",
        "TODO",
        "抱歉，我无法回答这个问题。",
        "作为一个人工智能语言模型，我没有个人喜好。",
        "很抱歉，我不能提供这方面的帮助。",
    ],
)
def test_it_is_told(told, answer):
    found = told(Refusals(), [pair("The Rhine."), pair(answer)])
    assert list(found) == [(1, "output")]
    assert found[1, "output"] >= 0.8


@pytest.mark.parametrize(
    "answer",
    [
        "I can't believe how long the Nile is.",
        "The model of an AI lab.",
        "他无法回答老师的问题，于是低下了头。",
        "Sorry is a word.",
    ],
)
def test_a_sentence_with_such_words_in_it_is_none(told, answer):
    assert told(Refusals(), [pair(answer)]) == {}


def test_questions_about_machines_and_worse_answers_of_a_pair_are_left_alone(told):
    about = pair("As an AI language model, I am trained on text.", "What are you, ChatGPT?")
    assert max(told(Refusals(), [about]).values()) < 0.5
    record = {"prompt": "Name a river.", "chosen": "The Rhine.", "rejected": "I cannot help with that."}
    assert told(Refusals(), [record]) == {}
