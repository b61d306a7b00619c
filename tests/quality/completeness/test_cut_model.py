"""Cut texts told apart from those that end so by habit."""

import numpy as np
import pyarrow as pa

from karat.quality.completeness._cut_model import Clauses, CutModel
from karat.quality.completeness._cut_signs import Vocabulary

WORDS = ["river", "bread", "garden", "window", "paper", "summer", "market", "village", "letter", "music"]
NOTHING = Vocabulary({})


def sentences(count, mark, seed=0):
    chance = np.random.default_rng(seed)
    return [f"The {' and the '.join(chance.choice(WORDS, 4).tolist())} are old{mark}" for _ in range(count)]


def chance_of(texts, one):
    model = CutModel.of(pa.array([*texts, one], pa.large_string()), NOTHING)
    return model.chances(model.seen(pa.array([one], pa.large_string())))[0]


def test_a_missing_mark_says_much_where_all_others_have_one():
    assert chance_of(sentences(300, "."), "The river and the bread and the garden") > 0.5


def test_a_missing_mark_says_little_where_few_have_one():
    texts = [*sentences(150, "."), *sentences(150, "", 1)]
    assert chance_of(texts, "The river and the bread and the garden are old") < 0.1
    assert chance_of(sentences(300, "."), "The river and the bread and the garden are old") < 0.1  # nothing is missing


def test_a_broken_word_tells_in_both():
    assert chance_of(sentences(150, "", 1), "The river and the bread and the gard") > 0.5


def test_words_that_end_clauses_are_told_from_those_that_do_not():
    clauses = Clauses(["the cat sleeps. the dog sleeps. the cat runs. the dog runs. a cat of the house. " * 3])
    assert clauses.score("the cat sleeps") > 0.5 > clauses.score("and the")
    chinese = Clauses(["味道很好，服务很好，位置很好。" * 5])
    assert chinese.score("早餐很好") > chinese.score("味道很")
