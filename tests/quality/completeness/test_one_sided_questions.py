"""Files of one topic, and of one length."""

import numpy as np

from karat.flow import engine
from karat.flow.dataset import Dataset
from karat.quality.completeness.one_sided_questions import OneSidedQuestions


def concluded(block):
    data = Dataset.of(block)
    check = OneSidedQuestions()
    learned = engine.learn(data, [check])
    found = engine.conclude(learned, block.schema)
    return found["message"].to_pylist(), check.measures(learned.states["OneSidedQuestions"], block.schema, found)


def test_a_file_of_one_topic_and_one_length_is_told_and_a_mixed_one_is_not(chat_block):
    chance = np.random.default_rng(0)
    one = [
        {"question": f"add the number {chance.integers(99)} to the number {chance.integers(99)}", "answer": "7"}
        for _ in range(300)
    ]
    words = [f"{a}{b}{c}" for a in "bdfgkl" for b in "aeiou" for c in ("nda", "rto", "lmi", "ssa")]
    mixed = [
        {"question": " ".join(chance.choice(words, 8)), "answer": "x" * int(4 ** chance.uniform(1, 6))}
        for _ in range(300)
    ]
    said, measures = concluded(chat_block(one))
    assert len(said) == 2
    assert "'number'" in said[0] or "'add'" in said[0]
    assert measures[0].bad > 0
    said, measures = concluded(chat_block(mixed))
    assert said == []
    assert measures[0].bad == 0
    assert concluded(chat_block(one[:50])) == ([], [])
