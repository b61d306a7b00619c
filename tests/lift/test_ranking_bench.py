import numpy as np
import pyarrow as pa
import pytest

from karat.core.errors import OptionError
from karat.lift.ranking_bench import RankingBench, RankingRecipe
from karat.prepare.interaction_log import Log
from karat.prepare.interaction_splits import TimeCut


def log(events, users=4, items=5):
    user, item = np.array(events).T
    names = [
        pa.array([f"{kind}{at}" for at in range(n)], pa.large_string()) for kind, n in (("u", users), ("i", items))
    ]
    return Log(*names, user, item, np.arange(len(user)), np.arange(len(user)))


TRAIN = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (3, 2)]
TEST = [(0, 2), (0, 0), (1, 2), (2, 1), (3, 4)]


def bench(train=TRAIN, test=TEST, metric="NDCG"):
    cut = TimeCut(np.arange(len(train)), np.arange(len(train), len(train) + len(test)), 0, 0)
    return RankingBench(log([*train, *test]), cut, RankingRecipe("EASE", metric))


def test_the_recipe_names_a_learner_for_the_catalogue_and_a_metric_that_ranks():
    assert RankingRecipe.of(100, None) == RankingRecipe(RankingRecipe.of(100, None).learner, "NDCG")
    assert RankingRecipe.of(100, "MRR").metric == "MRR"
    assert RankingRecipe.of(10_000, None).learner == "ItemKNN"
    with pytest.raises(OptionError, match="metric of a ranking"):
        RankingRecipe.of(10, "AUC")


def test_people_are_asked_who_have_a_past_and_something_new_held_out():
    split = bench()
    assert split.met.tolist() == [0, 1, 2]  # items 3 and 4 nobody had met by then
    assert split.asked.tolist() == [0, 1, 2]  # what is held out of person 3 was never met by anybody
    assert split.truth.toarray().tolist() == [[0, 0, 1], [0, 0, 1], [0, 1, 0]]  # person 0 had met item 0 before
    assert split.history.toarray().tolist() == [[1, 1, 0], [1, 1, 0], [1, 0, 0]]
    assert bench(test=[(0, 0), (1, 0)]).asked.tolist() == []


def test_a_person_without_a_past_is_not_asked():
    assert bench(train=TRAIN[:5], test=[(3, 0), (0, 2), (2, 1)]).asked.tolist() == [2]


def test_scores_are_those_of_what_a_model_shows():
    split = bench(metric="MRR")
    pairs = np.array(TRAIN)
    scores = split.scores(pairs)
    # persons 0 and 1 have only item 2 left to be shown; person 2 met item 0, which goes with item 1
    assert scores.tolist() == [1, 1, 1]
    apart = np.array([(0, 0), (1, 2), (0, 2), (1, 0)])  # items 0 and 2 go together
    assert split.scores(apart)[2] == 0.5
    assert split.scores(np.zeros((0, 2), np.int64)).tolist() == [0, 0, 0]


def test_equal_events_in_any_order_are_fitted_once():
    split = bench()
    fitted = []
    whole = type(split)._fitted

    class Counted(RankingBench):
        def _fitted(self, pairs):
            fitted.append(len(pairs))
            return whole(self, pairs)

    split = Counted(split.log, split.cut, split.recipe)
    pairs = np.array(TRAIN)
    assert split.scores(pairs) is split.scores(pairs[::-1])
    split.scores(pairs[1:])
    assert fitted == [6, 5]


def test_values_are_summed_by_cluster_of_users():
    split = bench()
    sums = split.sums(np.array([1.0, 2.0, 4.0]))
    assert len(sums) == 100
    assert sum(sums) == 7
    clusters = split.log.clusters(100)[split.asked]
    assert sums[clusters[2]] >= 4
