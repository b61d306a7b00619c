import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from karat.evaluate.ranks import area_under_roc


@pytest.mark.parametrize(
    ("truth", "score", "area"),
    [
        ([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], 0.75),
        ([0, 1], [1.0, 1.0], 0.5),
        ([0, 1, 1], [1.0, 1.0, 2.0], 0.75),
        ([1, 0], [1.0, 2.0], 0.0),
        ([1, 0], [-np.inf, np.inf], 0.0),
    ],
)
def test_by_hand(truth, score, area):
    assert area_under_roc(np.array(truth), np.array(score)) == area


@pytest.mark.parametrize("truth", [[], [1, 1], [0, 0]])
def test_one_kind_alone_has_no_area(truth):
    assert np.isnan(area_under_roc(np.array(truth, bool), np.ones(len(truth))))


def test_many_ties_against_scikit_learn_and_in_any_order():
    chance = np.random.default_rng(0)
    truth, score = chance.random(500) < 0.3, chance.integers(0, 9, 500).astype(float)
    area = area_under_roc(truth, score)
    assert area == pytest.approx(roc_auc_score(truth, score), abs=1e-12)
    mixed = chance.permutation(500)
    assert area_under_roc(truth[mixed], score[mixed]) == area
    assert area_under_roc(~truth, score) == pytest.approx(1 - area)


def test_placements_add_up_to_the_area_and_say_how_sure_it_is():
    from karat.evaluate.ranks import placements

    truth, score = np.array([1, 1, 0, 0, 0]), np.array([0.9, 0.4, 0.4, 0.1, 0.2])
    # the two positives outscore 3 and 2.5 of three, the negatives are outscored by 1.5, 2 and 2 of two
    area = 11 / 12
    wanted = np.array([(1 - area) / 2, (2.5 / 3 - area) / 2, (0.75 - area) / 3, (1 - area) / 3, (1 - area) / 3]) * 5
    assert placements(truth, score) == pytest.approx(wanted)
    assert np.isnan(placements(np.ones(3), score[:3])).all()
