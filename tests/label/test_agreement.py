import numpy as np
import pytest

from karat.label.agreement import krippendorff_alpha


def test_agreement_is_that_of_the_published_example(ballots):
    # Krippendorff 2011, nominal data of four observers on twelve units with gaps: alpha 0.743
    sheets = [
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    ]
    lines = [f"{u} {o} {v}" for o, row in enumerate(sheets) for u, v in enumerate(row.split()) if v != "."]
    assert krippendorff_alpha(ballots(*lines)) == pytest.approx(0.743, abs=5e-4)


def test_full_agreement_chance_and_contradiction(ballots):
    assert krippendorff_alpha(ballots("a x 1", "a y 1", "b x 2", "b y 2")) == 1
    assert krippendorff_alpha(ballots("a x 1", "a y 1", "b x 1", "b y 2")) == 0
    assert krippendorff_alpha(ballots("a x 1", "a y 2", "b x 1", "b y 2")) == -0.5


def test_a_vote_alone_on_its_item_does_not_count(ballots):
    lines = ["a x 1", "a y 1", "b x 1", "b y 2"]
    assert krippendorff_alpha(ballots(*lines, "c x 2", "d y 2")) == krippendorff_alpha(ballots(*lines))
    assert np.isnan(krippendorff_alpha(ballots("a x 1", "b y 2")))


def test_where_everybody_says_the_same_class_agreement_is_full(ballots):
    assert krippendorff_alpha(ballots("a x 1", "a y 1", "b x 1")) == 1
