import numpy as np
import pytest

from karat.kernels.truth_discovery import ABSENT, SILENT, _voices, discover_truth, pairwise_agreement


def world(accuracies, things=200, values=6, seed=0):
    """Claims of independent sources about things whose truth is 0."""
    chance = np.random.default_rng(seed)
    right = chance.random((things, len(accuracies))) < np.array(accuracies)
    return np.where(right, 0, chance.integers(1, values, right.shape))


def test_agreement_is_counted_where_both_speak():
    claims = np.array([[0, 0, -1], [1, 2, -1], [1, 1, 1], [-1, 0, 0]])
    agreement, shared = pairwise_agreement(claims)
    assert shared.tolist() == [[3, 3, 1], [3, 4, 2], [1, 2, 2]]
    assert agreement == pytest.approx(np.array([[1, 2 / 3, 1], [2 / 3, 1, 1], [1, 1, 1]]))
    assert pairwise_agreement(np.array([[0, -1], [-1, 0]]))[0][0, 1] == 0


def test_the_reliable_few_win_over_many_who_are_often_wrong():
    claims = world([0.95, 0.95, 0.95] + [0.3] * 4)
    truth = discover_truth(claims)
    assert (truth.winner == 0).mean() > 0.97
    assert truth.accuracy[:3].min() > 0.85
    assert truth.accuracy[3:].max() < 0.5
    assert ((truth.belief > 0) & (truth.belief <= 1)).all()


def test_copies_have_one_voice():
    # two independent sources that are right against four copies of one that is wrong on half of the things
    claims = world([0.95, 0.95, 0.9])
    wrong = np.where(np.arange(200) % 2, 0, 5)
    claims = np.column_stack([claims, *[wrong] * 4])
    truth = discover_truth(claims)
    assert len(set(truth.voice[3:])) == 1
    assert len(set(truth.voice)) == 4
    assert (truth.winner == 0).mean() > 0.95


def test_sources_are_copies_from_five_things_on_that_cover_and_say_the_same():
    def voices(*columns):
        claims = np.array(columns).T
        return len(set(_voices(claims, *pairwise_agreement(claims)).tolist()))

    assert voices([0] * 5, [0] * 5) == 1
    assert voices([0] * 4, [0] * 4) == 2
    assert voices([0] * 20, [0] * 19 + [1]) == 1  # 95 of a hundred the same
    assert voices([0] * 19, [0] * 18 + [1]) == 2
    assert voices([0] * 10, [0] * 9 + [-1]) == 1  # nine of ten in common
    assert voices([0] * 9, [0] * 8 + [-1]) == 2
    assert voices([0] * 20, [0] * 19 + [1], [0] * 18 + [1, 1]) == 1  # by way of the one between


def test_a_person_who_was_asked_decides():
    claims = world([0.8] * 4, things=40)
    claims = np.column_stack([claims, np.full(40, -1)])
    claims[0] = [3, 3, 1, 2, 7]
    truth = discover_truth(claims, person=4)
    assert truth.winner[0] == 7
    assert truth.voice[4] == 4


def test_a_thing_nobody_speaks_of_has_no_winner():
    truth = discover_truth(np.array([[1, 1, 0], [-1, -1, -1]]))
    assert truth.winner.tolist() == [1, -1]
    assert truth.belief[1] == 0


def test_a_draw_goes_to_the_lower_code_and_is_believed_by_half():
    truth = discover_truth(np.array([[5, 2]]))
    assert truth.winner.tolist() == [2]
    assert truth.belief == pytest.approx([0.5])


def test_sources_and_things_may_come_in_any_order():
    claims = world([0.9, 0.8, 0.6, 0.5])
    plain = discover_truth(claims)
    chance = np.random.default_rng(1)
    things, sources = chance.permutation(200), chance.permutation(4)
    mixed = discover_truth(claims[things][:, sources])
    assert (mixed.winner == plain.winner[things]).all()
    assert mixed.accuracy == pytest.approx(plain.accuracy[sources])


def test_accuracy_is_the_share_of_believed_claims_and_one_right_of_two():
    claims = world([1.0, 1.0, 1.0, 1.0, 0.0], things=400)
    claims[np.random.default_rng(1).random(claims.shape) < 0.2] = ABSENT  # so that nobody copies
    truth = discover_truth(claims)
    said = (claims >= 0).sum(axis=0)
    assert truth.accuracy[:4] == pytest.approx((said[:4] + 1) / (said[:4] + 2), abs=0.02)
    assert truth.accuracy[4] == pytest.approx(1 / (said[4] + 2), abs=0.02)


def test_a_report_of_nothing_speaks_for_nothing_and_no_report_for_nothing_at_all():
    claims = world([0.95] * 4 + [0.3], things=100)
    claims[0], claims[1], claims[2] = [SILENT] * 4 + [3], [ABSENT] * 4 + [3], [SILENT] * 5
    truth = discover_truth(claims)
    assert truth.winner[:3].tolist() == [SILENT, 3, SILENT]
    assert truth.belief[1:3].tolist() == [1, 1]


def test_who_is_often_silent_bears_out_less():
    claims = np.column_stack([np.arange(60) % 5] * 3)
    claims[:, 1] = np.where(np.arange(60) % 3, claims[:, 1], (claims[:, 1] + 1) % 5)
    claims[:40, 2] = SILENT  # the third says hardly anything
    claims[59] = [3, SILENT, ABSENT]
    seldom = discover_truth(claims)
    claims[59] = [3, ABSENT, SILENT]
    often = discover_truth(claims)
    assert often.winner[59] == 3
    assert often.belief[59] > (seldom.belief[59] if seldom.winner[59] == 3 else 0)
