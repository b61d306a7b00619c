import numpy as np
import pyarrow as pa

from karat.label.candidates import TextCandidates, clusters, yes_no_votes


def test_everybody_who_answered_has_voted_on_every_candidate_of_the_item():
    # item 0: voters 0, 1, 2 answered, candidate 0 by 0 and 2; item 1: voters 0, 1, candidates 1 by 1 and 2 by 0
    candidates = TextCandidates(np.array([0, 1, 1]), np.array([0, 0, 1, 2]), np.array([0, 2, 1, 0]))
    votes = yes_no_votes(candidates, np.array([0, 0, 0, 1, 1]), np.array([0, 1, 2, 0, 1]), pa.array(["x", "y", "z"]))
    assert votes.classes.to_pylist() == ["no", "yes"]
    lines = sorted(zip(votes.item.tolist(), votes.voter.tolist(), votes.label.tolist(), strict=True))
    assert lines == [(0, 0, 1), (0, 1, 0), (0, 2, 1), (1, 0, 0), (1, 1, 1), (2, 0, 1), (2, 1, 0)]


def test_the_nearest_parts_are_joined_and_nobody_twice():
    overlap = np.array([[1.0, 0.9, 0.6], [0.9, 1.0, 0.7], [0.6, 0.7, 1.0]])
    same = np.zeros(3, int)
    assert clusters(overlap, np.array([0, 1, 2]), same, 0.5).tolist() == [0, 0, 0]
    assert clusters(overlap, np.array([0, 1, 0]), same, 0.5).tolist() == [0, 0, 1]
    assert clusters(overlap, np.array([0, 1, 2]), same, 0.68).tolist() == [0, 0, 1]  # 0.65 on average is too little


def test_parts_of_one_label_are_joined_first():
    overlap = np.array([[1.0, 0.9, 0.6], [0.9, 1.0, 0.2], [0.6, 0.2, 1.0]])
    assert clusters(overlap, np.array([0, 1, 1]), np.array([0, 1, 0]), 0.5).tolist() == [0, 1, 0]
