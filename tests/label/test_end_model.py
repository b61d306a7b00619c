import numpy as np
import pytest
from scipy.sparse import csr_array

from karat.label.end_model import EndModel, features, out_of_fold
from karat.label.expectation import Gold
from karat.label.majority import Majority

TEXTS = [("click the link to win" if i % 2 else "lunch at noon tomorrow") + f" {i}" for i in range(40)]
VOTES = [f"i{i} x {i % 2}" for i in range(20)] + [f"i{i} y {i % 2}" for i in range(20)]
NAMES = [f"i{i}" for i in range(40)]


def test_texts_reach_the_items_nobody_voted_on(ballots):
    estimate = EndModel(Majority(), TEXTS).estimate(ballots(*VOTES, items=NAMES))
    assert (estimate.belief.argmax(axis=1) == np.arange(40) % 2).all()
    assert estimate.belief.sum(axis=1) == pytest.approx(1)
    assert not estimate.table.any()  # alone, the model's answer stands, whatever votes say
    assert np.exp(estimate.base) == pytest.approx(estimate.belief)


def test_known_answers_teach_and_stand(ballots):
    votes = ballots("i0 x 0", "i1 x 1", items=NAMES)
    gold = Gold(np.arange(2, 20), (1 - np.arange(2, 20) % 2))  # of the other class throughout
    estimate = EndModel(Majority(), TEXTS).estimate(votes, gold)
    assert (estimate.belief[2:20].argmax(axis=1) == gold.label).all()
    assert set(estimate.belief[2:20].max(axis=1)) == {1.0}
    assert (estimate.belief[20:].argmax(axis=1) == 1 - np.arange(20, 40) % 2).all()


def test_beside_people_the_model_is_one_more_voter(ballots):
    votes = ballots(*VOTES, items=NAMES)
    together = EndModel(Majority(), TEXTS, alone=False).estimate(votes)
    assert together.table.any()
    assert (together.belief.argmax(axis=1) == np.arange(40) % 2).all()


def test_pieces_of_one_text_alone_count_only_where_texts_are_few():
    texts = ["ab cd"] * 49 + ["zq"]
    assert features(texts[1:]).shape[1] > features(texts).shape[1]
    assert features(["a 好", "b 好"]).shape[0] == 2  # words of one letter count
    assert features([".", ","]).shape == (2, 6)  # each " .", ". " and " . ", and no words
    assert features(["", ""]).shape == (2, 1)


def test_every_item_is_judged_by_a_model_that_did_not_learn_from_it():
    # each item has a feature of its own: a model that had seen it would know
    n = 60
    belief = np.eye(2)[np.arange(n) % 2]
    answer = out_of_fold(csr_array(np.eye(n)), belief, np.ones(n, bool), strength=1e6)
    own = answer[np.arange(n), np.arange(n) % 2]
    assert own.max() < 0.7
    assert own.mean() < 0.5


def test_what_may_not_be_learned_from_teaches_nothing():
    matrix = csr_array(np.repeat(np.eye(2), 20, axis=0))
    belief = np.eye(2)[np.repeat([0, 1], 20)]
    taught = np.ones(40, bool)
    taught[20:] = False
    answer = out_of_fold(matrix, belief, taught)
    assert answer == pytest.approx(np.tile([1.0, 0.0], (40, 1)))
    assert out_of_fold(matrix, belief, np.ones(40, bool))[25].argmax() == 1


def test_a_belief_counts_with_its_probability():
    matrix = csr_array(np.ones((50, 1)))
    answer = out_of_fold(matrix, np.tile([0.2, 0.8, 0.0], (50, 1)), np.ones(50, bool))
    assert answer == pytest.approx(np.tile([0.2, 0.8, 0.0], (50, 1)), abs=0.01)


def test_the_seed_draws_the_folds():
    matrix = csr_array(np.random.default_rng(0).normal(size=(60, 3)))
    belief = np.eye(2)[np.arange(60) % 2]
    same = [out_of_fold(matrix, belief, np.ones(60, bool), seed=seed) for seed in (0, 0, 1)]
    assert (same[0] == same[1]).all()
    assert (same[0] != same[2]).any()


def test_a_cautious_model_answers_where_it_agrees_with_the_votes_and_leaves_the_rest(ballots):
    votes = ballots(*VOTES, items=NAMES)
    good = EndModel(Majority(), TEXTS, cautious=True).estimate(votes)
    assert "it labels all items" in good.note
    assert (good.belief.argmax(axis=1) == np.arange(40) % 2).all()
    useless = [f"{np.random.default_rng(at).integers(0, 10**9)} word" for at in range(40)]
    bad = EndModel(Majority(), useless, cautious=True).estimate(votes)
    assert bad.note == "" or "without votes" in bad.note
    assert (bad.belief[:20].argmax(axis=1) == np.arange(20) % 2).all()
