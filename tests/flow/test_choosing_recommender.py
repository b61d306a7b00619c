"""The choice by people: the best, or the simplest that cannot be told from it."""

from time import perf_counter
from types import SimpleNamespace

import numpy as np

from karat.flow.choosing_recommender import AskedUsers, choose_recommender


def learner(name, scores):
    """A learner whose model is its scores by stretch."""
    return SimpleNamespace(code=lambda: name, reads_ages=True, fit=lambda train, ages, seed: scores[train])


def asked(users):
    return [AskedUsers(at, np.zeros(0), np.array(some), lambda model: model) for at, some in enumerate(users)]


def test_the_best_ships_where_people_agree():
    users = [range(50), range(50)]
    wobble = np.random.default_rng(0).normal(0, 0.02, (2, 50))
    plain, better = learner("plain", 0.1 + wobble), learner("better", 0.15 + wobble + 0.01 * np.arange(50) % 0.02)
    choice = choose_recommender([plain, better], asked(users), 0)
    assert (choice.name, choice.best, choice.users) == ("better", "better", 50)
    assert choice.means["better"] > choice.means["plain"]


def test_the_simpler_ships_where_one_person_makes_the_difference():
    plain = np.full(29, 0.1)
    lucky = plain.copy()
    lucky[3] += 0.5
    choice = choose_recommender([learner("plain", [plain]), learner("lucky", [lucky])], asked([range(29)]), 0)
    assert (choice.name, choice.best) == ("plain", "lucky")


def test_the_same_person_in_many_stretches_is_one_person():
    plain = [np.full(3, 0.1)] * 20
    lucky = [np.array([0.1, 0.1, 0.2])] * 20
    choice = choose_recommender([learner("plain", plain), learner("lucky", lucky)], asked([range(3)] * 20), 0)
    assert choice.name == "plain"
    many = asked([range(3 * at, 3 * at + 3) for at in range(20)])
    assert choose_recommender([learner("plain", plain), learner("lucky", lucky)], many, 0).name == "lucky"


def test_of_several_settings_the_best_speaks_for_its_learner():
    units = [learner("a", [np.full(4, score)]) for score in (0.1, 0.3, 0.2)]
    ticks = []
    choice = choose_recommender(units, asked([range(4)]), 0, lambda done, of: ticks.append((done, of)))
    assert choice.settings["a"] is units[1]
    assert ticks == [(1, 4), (2, 4), (3, 4)]
    assert choose_recommender(units[:1], asked([[0]]), 0).name == "a"


def test_when_time_is_up_the_simplest_alone_is_tried():
    some = [learner("plain", [np.full(29, 0.1)]), learner("better", [np.full(29, 0.9)])]
    assert choose_recommender(some, asked([range(29)]), 0, until=perf_counter() - 1).settings.keys() == {"plain"}
    assert choose_recommender(some, asked([range(29)]), 0, until=perf_counter() + 600).name == "better"
