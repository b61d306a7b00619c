"""Questions of a user's own test set among those to train on."""

import numpy as np

from karat.quality.accuracy.questions_in_test_set import QuestionsInTestSet
from karat.quality.contamination import TestSet
from karat.quality.questions import RUN

WORDS = [f"{a}{b}" for a in "bdfgklmnprst" for b in ("an", "ero", "ilu", "omi", "usta")]
HAN = [chr(0x4E00 + i) for i in range(800)]


def question(seed, words=WORDS, gap=" "):
    chance = np.random.default_rng(seed)
    return gap.join(chance.choice(words, 25)) + f"{gap}{chance.integers(100, 999)}{gap}?"


def test_test_questions_are_found_whole_embedded_and_with_a_slip_and_others_are_not(told):
    tests = [question(i) for i in range(20)] + [question(i, HAN, "") for i in range(20, 40)]
    slipped = tests[3].split()
    slipped[12] = "entirely"
    records = [{"question": question(1000 + i), "answer": "7"} for i in range(30)]
    records += [
        {"question": text, "answer": "7"} for text in (tests[0].upper(), "Solve: " + tests[1], " ".join(slipped))
    ]
    records += [{"question": tests[25].replace("?", "？"), "answer": "7"}]
    other = tests[5].split()
    other[-2] = "12"
    records += [{"question": " ".join(other), "answer": "7"}]
    extra = {"test_sets": TestSet.of(tests, RUN), "test_questions": tests}
    found = told(QuestionsInTestSet(), records, **extra)
    assert {row for (row, _), sure in found.items() if sure >= 0.5} == {30, 31, 32, 33}
    assert (34, None) in found, "the same with another number is told, not counted"


def test_without_test_sets_it_does_not_apply(chat_block):
    from karat.flow import engine
    from karat.flow.dataset import Dataset

    learned = engine.learn(Dataset.of(chat_block([{"question": "a", "answer": "b"}])), [QuestionsInTestSet()])
    assert "test_questions" in learned.skipped["QuestionsInTestSet"]
