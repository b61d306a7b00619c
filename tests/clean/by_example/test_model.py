"""How likely an option is right: foreign tables first, then what a person has answered."""

from dataclasses import replace

import numpy as np
import pytest

from karat.clean.by_example.model import (
    ENOUGH,
    KEPT,
    NOTHING,
    PROVEN,
    SPREADS,
    fit_prior,
    learn_belief,
    overlooked,
    prior,
)
from karat.clean.by_example.options import FEATURES, CellOptions

UNASKED = FEATURES.index("would be fixed unasked")


def options_of(size, speaker="Check", column="city", said=0.7, unasked=False, texts=None, odds=2.0):
    """With the usual weights odds of 2 are about even, and odds of 5 are sure."""
    features = np.zeros((size, len(FEATURES)))
    features[:, :2] = 1
    features[:, FEATURES.index("its log odds")] = odds
    features[:, UNASKED] = unasked
    after = texts or [f"after {at}" for at in range(size)]
    names = [[value] * size if isinstance(value, str) else list(value) for value in (column, speaker)]
    return CellOptions(
        list(range(size)),
        names[0],
        ["before"] * size,
        after,
        names[1],
        [""] * size,
        features,
        np.full(size, float(said)),
    )


def learned(those, right, stood=None):
    right = np.asarray(right, bool)
    stood = ~right if stood is None else np.asarray(stood, bool)
    return learn_belief(those, right, stood)


def test_the_weights_of_foreign_tables_are_one_a_feature():
    assert prior().shape == (len(FEATURES),)
    assert np.isfinite(prior()).all()


def test_without_answers_the_prior_alone_speaks():
    those = options_of(3)
    plain = NOTHING.right(those)
    assert np.ptp(plain) == 0
    assert plain[0] == pytest.approx(1 / (1 + np.exp(-those.features[0] @ prior())), abs=1e-9), (
        "the spread of tables is taken in"
    )
    assert 0 < plain[0] < 1


def test_answers_move_what_is_like_them_and_more_so_the_more_alike():
    belief = learned(options_of(12), [True] * 12)
    before = NOTHING.right(options_of(1))[0]
    same = belief.right(options_of(1, texts=["new"]))[0]
    other_column = belief.right(options_of(1, column="street", texts=["new"]))[0]
    stranger = belief.right(options_of(1, column="street", speaker="Another", texts=["new"]))[0]
    assert same > other_column > stranger > before
    worse = learned(options_of(12), [False] * 12)
    assert worse.right(options_of(1, texts=["new"]))[0] < before


def test_the_same_text_again_is_surer():
    belief = learned(options_of(4, texts=["a", "a", "b", "c"]), [True, True, False, False])
    again, other = belief.right(options_of(2, texts=["a", "b"]))
    assert again > other


def test_belief_does_not_depend_on_the_order_of_answers():
    right = np.random.default_rng(0).random(20) < 0.7
    order = np.random.default_rng(1).permutation(20)
    those = options_of(20)
    asked = options_of(2, texts=["x", "after 3"])
    first = learned(those, right).right(asked)
    second = learned(those.take(order), right[order]).right(asked)
    np.testing.assert_allclose(first, second, atol=1e-6)


def test_a_check_right_on_enough_answered_cells_is_licensed():
    right = [True] * ENOUGH + [False]
    belief = learned(options_of(ENOUGH + 1, said=0.6), right)
    assert belief.licences == {("Check", "city"): (0.6, pytest.approx((ENOUGH + 0.5) / (ENOUGH + 2)))}
    assert belief.right(options_of(1, said=0.6, texts=["z"]))[0] >= (ENOUGH + 0.5) / (ENOUGH + 2)
    assert (
        belief.right(options_of(1, said=0.59, texts=["z"]))[0] < belief.right(options_of(1, said=0.6, texts=["z"]))[0]
    )
    assert learned(options_of(ENOUGH, said=0.6), [True] * (ENOUGH - 1) + [False]).licences == {}
    assert learned(options_of(ENOUGH, said=0.0), [True] * ENOUGH).licences == {}, "no check has spoken"


def test_what_would_be_fixed_unasked_stays_so_until_answers_speak_against_it():
    unasked = options_of(1, unasked=True, said=0.95, texts=["z"])
    silent = learned(options_of(1, speaker="Another"), [True])
    assert silent.right(unasked)[0] >= 0.95
    assert silent.right(options_of(1, unasked=True, said=0.5, texts=["z"]))[0] >= KEPT
    against = learned(options_of(8, unasked=True, said=0.95), [False] * 8, [True] * 8)
    assert against.standing["Check", ""] == pytest.approx(PROVEN * 10 / 18)
    assert against.right(unasked)[0] < KEPT


def test_standing_is_kept_by_speaker_and_by_column():
    belief = learned(options_of(4, unasked=True, column=["a", "a", "a", "b"]), [True, True, False, True])
    every = (9.5 + 3) / 14
    assert belief.standing == {
        ("Check", ""): pytest.approx(every),
        ("Check", "a"): pytest.approx((10 * every + 2) / 13),
        ("Check", "b"): pytest.approx((10 * every + 1) / 11),
    }
    unknown = learned(options_of(2, unasked=True), [False, False], [False, False])
    assert unknown.standing == {}, "neither right nor left as it was"


def test_a_record_left_as_it_was_against_all_expectation_was_overlooked():
    """Of sixty records in which a check was right, the person has left one as it was."""
    those, rows = options_of(60, odds=5.0, said=0.0), np.arange(60)
    right = rows != 9
    assert overlooked(those, right, ~right, rows, 60).tolist() == [9]
    several = rows % 10 < 7
    assert overlooked(those, several, ~several, rows, 60).tolist() == [], "three in ten are no oversight"
    assert overlooked(those, right, np.zeros(60, bool), rows, 60).tolist() == [], "another value: somebody has looked"


def test_a_record_is_judged_by_what_the_others_teach():
    """A single option that other tables make sure was denied: the answer is not evidence against itself."""
    those, rows = options_of(1, odds=5.0, said=0.0), np.array([3])
    denied, stood = np.zeros(1, bool), np.ones(1, bool)
    sure = overlooked(replace(those, features=those.features * 4), denied, stood, rows, 20)
    assert sure.tolist() == [3]
    assert overlooked(replace(those, features=-those.features), denied, stood, rows, 20).tolist() == []
    assert overlooked(replace(those, features=those.features * 4), denied, stood, rows, 4).tolist() == [], (
        "of four records none is a fifth"
    )


def test_nothing_answered_teaches_nothing():
    belief = learned(options_of(0), [])
    assert belief is NOTHING
    assert belief.right(options_of(0)).shape == (0,)


def test_weights_are_fitted_to_tables_that_weigh_the_same():
    rng = np.random.default_rng(0)
    weights = np.array([1.0, -2.0])

    def table(size):
        x = rng.normal(size=(size, 2))
        return x, rng.random(size) < 1 / (1 + np.exp(-x @ weights))

    fitted = fit_prior([table(3000) for _ in range(4)], ridge=1e-3)
    np.testing.assert_allclose(fitted, weights, atol=0.3)
    flat = fit_prior([table(3000)], ridge=1e4)
    np.testing.assert_allclose(flat, 0, atol=0.01)
    large, small = (np.ones((900, 1)), np.ones(900, bool)), (np.ones((30, 1)), np.zeros(30, bool))
    np.testing.assert_allclose(fit_prior([large, small], ridge=1e-6), 0, atol=1e-6)


def test_each_effect_has_a_spread():
    assert len(SPREADS) == 5
