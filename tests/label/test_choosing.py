"""Which method to believe, and what is said of the choice."""

from dataclasses import replace

import numpy as np
import pytest

from karat.label.choosing import Contender, by_gold, by_votes, contender, contenders, looks_like_rules
from karat.label.expectation import Gold, LabelEstimate
from karat.label.majority import Majority

NOTHING = LabelEstimate(np.zeros((0, 2)), np.zeros((0, 2, 2)), np.zeros(2))


def rival(name, right, loss):
    return Contender(name, Majority(), NOTHING, NOTHING.belief, np.array(right, bool), np.array(loss, float))


def test_the_least_brier_score_wins_and_the_next_is_named():
    rivals = [
        rival("far", [0, 0, 0, 0], [2, 2, 2, 2]),
        rival("best", [1, 1, 0, 1], [0.1, 0.1, 0.3, 0.1]),
        rival("near", [1, 1, 1, 1], [0.3, 0.3, 0.5, 0.3]),
    ]
    winner, why = by_gold(rivals)
    assert winner is rivals[1]
    assert why.startswith("right on 3 of 4 known answers it had not seen, clearly ahead of near (4)")


def test_a_lead_within_two_standard_errors_is_narrow():
    # gaps 2, 0: mean 1, standard deviation √2, error 1: a lead of one error
    assert "narrowly ahead of b (1)" in by_gold([rival("a", [1, 1], [0, 0]), rival("b", [0, 1], [2, 0])])[1]
    # gaps 1, 3: mean 2, error 1: a lead of two errors and no more
    assert "narrowly" in by_gold([rival("a", [1, 1], [0, 0]), rival("b", [0, 0], [1, 3])])[1]
    # gaps 1.1, 3: mean 2.05, error 0.95
    assert "clearly" in by_gold([rival("a", [1, 1], [0, 0]), rival("b", [0, 0], [1.1, 3])])[1]
    assert "clearly" in by_gold([rival("a", [1], [0]), rival("b", [0], [1])])[1]


def test_of_equal_scores_the_first_wins_and_a_lone_method_has_no_rival():
    assert by_gold([rival("a", [1], [0.5]), rival("b", [1], [0.5])])[0].name == "a"
    assert by_gold([rival("a", [1], [0.5])])[1] == "right on 1 of 1 known answers it had not seen"


def trusted(ballots, fooled):
    """Votes on 40 items of three voters, and an estimate that finds both classes equally likely everywhere."""
    lines = []
    for i in range(40):
        for v in range(3):
            label = i % 2 if fooled else (i >> v) & 1
            lines.append(f"i{i} v{v} {label}")
    return ballots(*lines), LabelEstimate(np.full((40, 2), 0.5), np.zeros((3, 2, 2)), np.zeros(2))


def test_without_known_answers_texts_come_first_then_rules(ballots):
    votes, estimate = trusted(ballots, fooled=True)
    field = {
        name: Contender(name, Majority(), estimate, estimate.belief)
        for name in ("dawid_skene", "majority", "label_model", "end_model")
    }
    assert by_votes(votes, field)[0].name == "label_model"  # the model of the texts found no use for itself
    useful = replace(estimate, note="it is of use")
    field["end_model"] = Contender("end_model", Majority(), useful, estimate.belief)
    assert by_votes(votes, field)[1] == "it is of use"
    del field["end_model"]
    winner, why = by_votes(votes, field)
    assert (winner.name, "as rules do" in why) == ("label_model", True)
    del field["label_model"]
    winner, why = by_votes(votes, field)
    assert (winner.name, "correlate at 1.00" in why) == ("majority", True)
    del field["majority"]
    assert by_votes(votes, field)[0].name == "dawid_skene"


def test_voters_who_err_independently_are_modelled(ballots):
    votes, estimate = trusted(ballots, fooled=False)
    field = {name: Contender(name, Majority(), estimate, estimate.belief) for name in ("majority", "dawid_skene")}
    winner, why = by_votes(votes, field)
    assert winner.name == "dawid_skene"
    assert "err independently" in why
    field["consensus"] = Contender("consensus", Majority(), estimate, estimate.belief)
    assert by_votes(votes, field)[0].name == "consensus"


def crowd(ballots):
    """Twelve items of two voters: those of class 1 and 2 in turn; on the last two items both are wrong."""
    lines = [f"i{i} v{v} {1 + (i + (i > 9)) % 2}" for i in range(12) for v in range(2)]
    return ballots(*lines), np.arange(12) % 2


@pytest.mark.parametrize(("known", "tested"), [(7, 0), (8, 8), (12, 12)])
def test_known_answers_judge_methods_from_eight_on(ballots, known, tested):
    votes, truth = crowd(ballots)
    answer = contender(votes, "majority", Majority(), Gold(np.arange(known), truth[:known]))
    assert len(answer.right) == len(answer.loss) == tested
    assert answer.belief.sum(axis=1) == pytest.approx(1)


def test_no_known_answer_is_judged_by_a_run_that_was_told_it(ballots):
    votes, truth = crowd(ballots)
    answer = contenders(votes, {"majority": Majority()}, Gold(np.arange(12), truth))[0]
    assert answer.name == "majority"
    assert answer.right.tolist() == [True] * 10 + [False] * 2
    assert (answer.loss[:10] < 0.5).all()
    assert (answer.loss[10:] > 0.5).all()
    assert (answer.loss <= 2).all()
    assert answer.estimate.belief[11].argmax() == truth[11]  # the answer itself was told


def test_each_run_is_told_four_fifths_of_the_known_answers(ballots):
    votes, truth = crowd(ballots)
    asked = []

    class Recorded(Majority):
        def estimate(self, votes, gold=None):
            asked.append(gold.item.tolist())
            return super().estimate(votes, gold)

    contender(votes, "recorded", Recorded(), Gold(np.arange(10), truth[:10]))
    assert asked[0] == list(range(10))
    assert [len(items) for items in asked[1:]] == [8] * 5
    assert sorted(item for items in asked[1:] for item in set(range(10)) - set(items)) == list(range(10))


def test_without_known_answers_nothing_is_judged(ballots):
    votes, _ = crowd(ballots)
    assert len(contender(votes, "majority", Majority(), None).right) == 0


def test_rules_only_ever_say_one_class_and_not_all_the_same(ballots):
    rules = [f"i{i} spam s" for i in range(9)] + [f"j{i} ham h" for i in range(9)]
    assert looks_like_rules(ballots(*rules))
    assert looks_like_rules(ballots(*rules, "i0 both s", "j0 both h"))  # 18 of 20 votes: exactly nine tenths
    assert not looks_like_rules(ballots(*rules, "i0 both s", "j0 both h", "j1 both h"))
    assert not looks_like_rules(ballots(*[line.replace(" h", " s") for line in rules]))


def test_a_single_vote_makes_no_rule(ballots):
    assert not looks_like_rules(ballots("a x 1", "b y 2"))
    assert looks_like_rules(ballots("a x 1", "b x 1", "a y 2", "b y 2"))
