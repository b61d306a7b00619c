import numpy as np
import pytest

from karat.label.text_evidence import text_evidence


def sets(model_right, votes_right=0.8, size=20_000, usual=0.5):
    """Beliefs that know how good they are, answers right independently of them, and the truth of half the items."""
    chance = np.random.default_rng(0)
    truth = (chance.random(size) >= usual).astype(int)
    said = np.where(chance.random(size) < votes_right, truth, 1 - truth)
    told = np.where(chance.random(size) < model_right, truth, 1 - truth)
    belief = np.where(np.eye(2)[said] > 0, votes_right, 1 - votes_right)
    return belief, np.eye(2)[told], np.arange(size) % 2 == 0


@pytest.mark.parametrize("right", [0.55, 0.7, 0.9])
def test_how_good_a_model_is_follows_from_how_often_it_agrees(right):
    evidence = text_evidence(*sets(right))
    assert evidence.model_right == pytest.approx(right, abs=0.03)
    assert evidence.votes_right == pytest.approx(0.8)
    assert evidence.on_voted == (right > 0.8)


def test_without_votes_the_most_frequent_class_is_the_rival():
    evidence = text_evidence(*sets(0.6, usual=0.9))
    assert not evidence.elsewhere
    assert text_evidence(*sets(0.75)).elsewhere
    assert "it labels the items without votes" in str(text_evidence(*sets(0.75)))
    assert "it labels all items" in str(text_evidence(*sets(0.95)))
