import numpy as np
import pytest

from karat.label.agreement import distance_alpha, interval_alpha, krippendorff_alpha


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


SHEETS = [
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]


def test_agreement_of_levels_and_numbers_is_that_of_the_published_example(ballots):
    # Krippendorff 2011, the same data: ordinal 0.815, interval 0.849, ratio 0.797
    cells = [(u, o, float(v)) for o, row in enumerate(SHEETS) for u, v in enumerate(row.split()) if v != "."]
    assert krippendorff_alpha(ballots(*(f"{u} {o} {v:g}" for u, o, v in cells)), "ordinal") == pytest.approx(
        0.815, abs=5e-4
    )
    item, value = np.array([u for u, _, _ in cells]), np.array([v for _, _, v in cells])
    assert interval_alpha(item, value) == pytest.approx(0.849, abs=5e-4)
    assert interval_alpha(item, value, "ratio") == pytest.approx(0.797, abs=5e-4)
    apart = distance_alpha(item, value.tolist(), lambda a, b: float(a != b))
    assert apart == pytest.approx(0.743, abs=5e-4)
    assert distance_alpha(item, value.tolist(), lambda a, b: (a - b) ** 2 / 16) == pytest.approx(0.849, abs=5e-4)


def test_numbers_alone_on_their_items_have_no_agreement():
    assert np.isnan(interval_alpha(np.arange(3), np.ones(3)))
    assert np.isnan(distance_alpha(np.arange(3), [1, 2, 3], lambda a, b: 1.0))
    assert interval_alpha(np.zeros(3, int), np.ones(3)) == 1


def test_chance_is_learned_from_a_sample_where_answers_are_many():
    item = np.repeat(np.arange(400), 2)
    answers = np.random.default_rng(0).integers(0, 2, 800).tolist()
    assert distance_alpha(item, answers, lambda a, b: float(a != b)) == pytest.approx(0, abs=0.1)
