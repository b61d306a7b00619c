"""Answers that break off."""

import numpy as np
import pytest

from karat.quality.completeness.truncated_answers import TruncatedAnswers

EN = "The baker opens his shop at six and sells bread to the people of the village. He closes it in the evening."
ZH = "面包师每天早上六点开门，把面包卖给村里的人。到了晚上他才把店门关上。"


def sure(found):
    return {row for (row, _), chance in found.items() if chance >= 0.5}


def pairs(answers):
    return [{"question": f"Question {at}?", "answer": text} for at, text in enumerate(answers)]


@pytest.mark.parametrize(
    "cut",
    [
        "He opens the shop and sells bread to the",
        "The baker opens his shop at six. He closes it in the",
        "There are three reasons: first,",
        "He said (and meant",
        "```python\nprint(1)",
        "The baker opens the shop and sells the bread to all of the peop",
        "面包师每天早上六点开门，把面包卖给村里的",
        "1. Wash the apples well.\n2. Cut them in four.\n3. Put them in a bowl.\n4. Place the",
    ],
)
def test_a_cut_is_told(told, cut):
    whole = [EN, "people", "Bread, milk, eggs", "- a\n- b", ZH]
    assert sure(told(TruncatedAnswers(), pairs([*whole, cut]))) == {5}


@pytest.mark.parametrize(
    "whole",
    [
        "Paris",
        "red, green, blue, yellow, black, white",
        "- wash the apples\n- cut them\n- eat them",
        "def f(x):\n    return x + 1",
        "Dear Ann,\nthank you for the book.\nBest,\nTom",
        "42",
        'He said "stop"',
        "The sky is blue :)",
        "https://example.org/path/",
        "北京",
    ],
)
def test_what_needs_no_full_stop_is_left_alone(told, whole):
    assert sure(told(TruncatedAnswers(), pairs([EN, ZH, whole]))) == set()


def test_the_last_line_all_others_have_is_missed(told):
    answers = [f"We add {i} and {i}.\n#### {2 * i}" for i in range(60)]
    answers[7] = "We add 7 and 7."
    answers[9] = "We add 9 and 9.\n####"
    assert sure(told(TruncatedAnswers(), pairs(answers))) == {7, 9}


def test_a_file_whose_answers_all_end_with_a_mark_is_held_to_it(told):
    chance = np.random.default_rng(0)
    answers = ["".join(chance.choice(list("天地人和风雨山水"), 12)) + "。" for _ in range(60)]
    answers[11] = answers[11][:8]
    assert sure(told(TruncatedAnswers(), pairs(answers))) == {11}
