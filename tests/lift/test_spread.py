"""How records and draws spread in a fold: right where the answer is known."""

import numpy as np
import pytest

from karat.lift.spread import among_records, packed, spread, unpacked, within_records

RNG = np.random.default_rng(0)
ALONE = np.arange(200)


def test_influences_survive_the_cache():
    assert unpacked(packed(np.array([0.5, -1.25]))).tolist() == [0.5, -1.25]
    assert len(unpacked(packed(np.zeros(0)))) == 0


def test_the_error_of_a_mean_is_that_of_its_records():
    values = RNG.normal(3, 2, 200)
    assert among_records(values, ALONE) == pytest.approx(values.var(ddof=1) / 200)


def test_records_that_belong_together_count_as_one():
    values = RNG.normal(0, 1, 100)
    twice, pairs = np.repeat(values, 2), np.repeat(np.arange(100), 2)
    assert among_records(twice, pairs) == pytest.approx(values.var(ddof=1) / 100)
    assert among_records(twice, ALONE) < among_records(twice, pairs) / 1.9


def test_what_draws_share_is_not_theirs():
    shared = RNG.normal(0, 5, 200)
    draws = [shared + RNG.normal(0, 1, 200) for _ in range(30)]
    assert within_records(draws, ALONE) == pytest.approx(1 / 200, rel=0.1)
    assert within_records([shared, shared + 4], ALONE) == pytest.approx(0)


def test_a_fold_says_nothing_without_influences():
    lift = RNG.normal(0, 1, 200)
    assert spread(np.zeros(0), [], np.zeros(0)) == {}
    assert spread(np.full(200, np.nan), [], ALONE) == {}
    assert spread(lift, [], ALONE) == {"spread": {"records": among_records(lift, ALONE)}}
    assert spread(lift, [lift, -lift], ALONE)["spread"]["draws"] == within_records([lift, -lift], ALONE)
