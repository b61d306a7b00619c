"""The ends of a column's support, and what scatters around its one number."""

import numpy as np
import pytest

from karat.quality.accuracy._support import End, Scatter, ends, scatter, unseen
from karat.quality.accuracy.number_shape import Shape


def shape(*numbers):
    values, counts = np.unique(
        np.concatenate([np.atleast_1d(part).astype(float) for part in numbers]), return_counts=True
    )
    return Shape(values, counts)


BODY = np.round(np.random.default_rng(6).normal(100, 5, 200), 1)


def edges(column):
    return [(end.edge, end.side) for end in ends(column)]


def test_numbers_far_beyond_either_end():
    assert edges(shape(BODY)) == []
    assert edges(shape(BODY, 500)) == [(BODY.max(), 1)]
    assert edges(shape(BODY, -500)) == [(BODY.min(), -1)]
    assert edges(shape(BODY, 500, 800, -500)) == [(BODY.max(), 1), (BODY.min(), -1)]


def test_the_farther_out_the_surer():
    near, far = ends(shape(BODY, 145))[0], ends(shape(BODY, 400))[0]
    assert near.expected > far.expected
    assert 0.35 <= near.confidence < far.confidence <= 0.93
    assert edges(shape(BODY, BODY.max() + 8)) == [], "its own tail explains it"


def test_a_group_of_its_own_is_not_odd():
    assert edges(shape(BODY, 500, 501, 502)) == []
    assert edges(shape(BODY, 500, 501)) != []  # two are no group
    assert edges(shape(BODY, 500, 500, 500)) == []
    assert edges(shape(BODY, 500, 900, 1500)) != []  # three that lie apart


def test_a_code_that_repeats_is_another_matter():
    assert edges(shape(BODY, [999] * 3, 2500)) == []
    assert edges(shape(BODY, [999] * 2, 2500)) != []


def test_levels_and_short_columns_have_no_distribution():
    levels = np.repeat(np.arange(7), 30)
    assert edges(shape(levels[levels > 0], 900)) == []
    assert edges(shape(levels, 900)) == [(6, 1)], "eight different numbers"
    assert edges(shape(np.arange(13), 900)) == []
    assert edges(shape(np.arange(14), 900)) == [(13, 1)]


def test_one_number_that_half_of_the_cells_hold_is_left_out():
    visits = shape(np.zeros(300), BODY, 500)
    assert edges(visits) == [(BODY.max(), 1)]


def test_the_number_that_half_of_the_cells_hold_is_never_beyond():
    price = shape(np.full(300, 300.0), BODY, 900)
    (end,) = ends(price)
    assert (end.edge, end.side, end.usual) == (300, 1, 300), "it lies between the others and what is beyond"
    assert [verdict.at for verdict in end.verdicts(np.array([100.0, 300, 900]))] == [2]
    far = shape(np.full(300, 990.0), BODY, 900)
    (end,) = ends(far)
    assert (end.edge, end.usual) == (BODY.max(), 990)
    assert [verdict.at for verdict in end.verdicts(np.array([900.0, 990]))] == [0]
    assert np.isnan(ends(shape(BODY, 500))[0].usual)
    beyond_both = unseen(shape(np.full(300, 990.0), BODY), np.array([990.0, 9000]))
    assert [verdict.at for verdict in beyond_both] == [1]


def test_verdicts_beyond_an_end():
    end = End(10.0, 1, 1e-6, 0.8, np.nan)
    (verdict,) = end.verdicts(np.array([10.0, 11.0, np.nan, -50]), 5)
    assert (verdict.at, verdict.confidence) == (6, 0.8)
    assert (
        verdict.message == "11 is far above 10, the highest of the other numbers; with their spread, "
        "1e-06 values this extreme would be expected"
    )
    (verdict,) = End(10.0, -1, 1e-6, 0.8, np.nan).verdicts(np.array([10.0, 11.0, 9.0]))
    assert (verdict.at, verdict.message[:22]) == (2, "9 is far below 10, the")


def test_a_number_never_seen_is_judged_as_if_it_had_been():
    column = shape(BODY)
    learned = ends(shape(BODY, 500))[0]
    verdicts = unseen(column, np.array([100.0, np.nan, 500.0, BODY.max(), -400.0, BODY.max() + 1]))
    assert [verdict.at for verdict in verdicts] == [2, 4]
    assert verdicts[0].confidence == learned.confidence
    assert unseen(shape(np.repeat(np.arange(7), 30)), np.array([900.0])) == []


AROUND = [91.0, 93, 94, 96, 97, 103, 104, 106, 107, 109]


def test_errors_scatter_around_the_one_number_of_a_column():
    assert scatter(shape([100.0] * 90, AROUND)) == Scatter(100.0, 90, 10, even=True)
    assert scatter(shape([100.0] * 90, AROUND[3:7])) == Scatter(100.0, 90, 4, even=False)


@pytest.mark.parametrize(
    ("main", "others"),
    [
        ([0.0] * 90, [-9.0, -7, -6, -4, 4, 6, 7, 9]),  # nothing is no number that others are errors of
        ([100.0] * 90, AROUND[3:6]),  # three
        ([100.0] * 23, AROUND),  # less than seven in ten
        ([100.0] * 90, AROUND[:5]),  # one side
        ([100.0] * 90, [90.0, 110] * 5),  # heaps
        ([100.0] * 90, [98.0, 99, 99.5, 100.5, 101, 101.5, 102, 400]),  # a peak with a tail
    ],
)
def test_other_habits_are_no_scatter(main, others):
    assert scatter(shape(main, others)) is None


def test_the_limits_of_a_scatter():
    assert scatter(shape([100.0] * 24, AROUND)) is not None  # 24 of 34 are seven in ten
    lopsided = [91.0, 93, 94, 96, 97, 98, 99, 103, 92, 95]
    assert scatter(shape([100.0] * 90, lopsided)) is None  # a tenth lies above
    assert scatter(shape([100.0] * 90, [*lopsided, 104.0, 105])).even is False
    assert scatter(shape([100.0] * 90, AROUND[1:8])).even is False  # seven
    assert scatter(shape([100.0] * 90, AROUND[1:9])).even is True


def test_verdicts_put_the_number_back():
    verdicts = list(Scatter(100.0, 1090, 10, even=True).verdicts(np.array([100.0, 91, np.nan]), "100"))
    assert [(verdict.at, verdict.confidence, verdict.suggestion) for verdict in verdicts] == [(1, 0.92, "100")]
    assert verdicts[0].message == "1,090 of 1,100 cells hold 100; the others scatter around it"
    (verdict,) = Scatter(100.0, 90, 4, even=False).verdicts(np.array([91.0]), "100")
    assert verdict.confidence == 0.75
