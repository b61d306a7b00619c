"""Short lists of codes, and the numbers in them that do not look like members."""

import numpy as np
import pytest

from karat.quality.accuracy._code_lists import MAX_CODES, odd_codes


def odd(*pairs):
    codes, counts = zip(*pairs, strict=True)
    return {code.code: code.confidence for code in odd_codes(np.array(codes), np.array(counts))}


def sure(codes):
    return {code for code, confidence in codes.items() if confidence >= 0.5}


def test_a_zero_before_a_list_and_codes_behind_its_last_entry():
    codes = odd((0, 12), (1, 9_000), (2, 12_000), (3, 4_000), (4, 130), (5, 300), (6, 40))
    assert sure(codes) == {0, 5, 6}
    assert codes[4] < 0.5
    assert sure(odd((0, 40), (1, 9_000), (2, 12_000), (3, 300))) == {0}


def test_states_before_a_scale_and_a_code_that_lies_apart():
    codes = odd((-2, 900), (-1, 1_800), (0, 5_000), (1, 1_200), (2, 800), (3, 100), (4, 20))
    assert sure(codes) == {-2, 0}
    assert codes[-1] == 0.4
    assert sure(odd((1, 900), (2, 800), (3, 700), (9, 90))) == {9}


@pytest.mark.parametrize("mean", [0.7, 2, 4, 6])
def test_counts_of_things_are_no_lists(mean):
    values, counts = np.unique(np.random.default_rng(0).poisson(mean, 20_000), return_counts=True)
    assert odd_codes(values, counts) == []


def test_neither_are_opinions_marks_degrees_flags_or_short_columns():
    random = np.random.default_rng(1)
    assert odd((-2, 100), (-1, 300), (0, 500), (1, 300), (2, 100)) == {}
    assert odd((1, 100), (2, 300), (3, 500), (4, 300), (5, 100)) == {}
    degrees, counts = np.unique(np.round(random.normal(6, 6, 5_000)).astype(int), return_counts=True)
    assert odd_codes(degrees, counts) == []
    assert odd((0, 5_000), (1, 30)) == {}
    assert odd((0, 1), (1, 40), (2, 50)) == {}
    halves, counts = np.unique(random.geometric(0.6, 20_000), return_counts=True)
    assert odd_codes(halves, counts) == []


def test_a_list_needs_three_codes_three_hundred_records_and_an_end():
    assert odd((0, 12), (1, 150), (2, 138)) == {0: 0.75}
    assert odd((0, 12), (1, 150), (2, 137)) == {}
    assert odd((0, 12), (1, 288)) == {}
    most = [(0, 12), *((at, 150) for at in range(1, MAX_CODES))]
    assert odd(*most) == {0: 0.75}
    assert odd(*most, (MAX_CODES, 150)) == {}
    assert odd((2, 900), (3, 800), (4, 10)) == {}, "a list begins at 0 or 1"


def test_a_zero_is_odd_up_to_a_tenth_of_the_ones():
    assert odd((0, 15), (1, 150), (2, 150)) == {0: 0.75}
    assert odd((0, 16), (1, 150), (2, 150)) == {}
    assert odd((0, 15), (2, 150), (3, 150)) == {}
    (zero,) = odd_codes(np.array([0, 1, 2]), np.array([15, 1500, 150]))
    assert (zero.records, zero.reason) == (15, "the list counts from 1 (1,500 records); 0 precedes it in 15")


@pytest.mark.parametrize(
    ("more", "odd_ones"),
    [
        ([(6, 90)], {6: 0.6}),
        ([(6, 90), (7, 50)], {6: 0.6, 7: 0.6}),
        ([(5, 90)], {}),  # one code is missing, as may be
        ([(4, 5), (9, 90)], {}),  # the list thins out first
        ([(4, 10)], {4: 0.3}),
        ([(4, 10), (5, 9)], {}),  # they die away
        ([(4, 10), (5, 40)], {4: 0.35, 5: 0.7}),
        ([(4, 10), (5, 37)], {}),  # 27 more are less than four standard errors
        ([(4, 10), (5, 40), (6, 2)], {4: 0.35, 5: 0.7, 6: 0.7}),
    ],
)
def test_codes_behind_the_body_of_a_list(more, odd_ones):
    assert odd((1, 900), (2, 800), (3, 700), *more) == odd_ones


def test_a_code_that_comes_back_has_half_as_many_again():
    body = (1, 900_000), (2, 800_000), (3, 700_000)
    assert odd(*body, (4, 10_000), (5, 15_000)) == {}
    assert odd(*body, (4, 10_000), (5, 15_001)) == {4: 0.35, 5: 0.7}


def test_a_last_code_that_is_no_cliff_is_not_odd():
    assert odd((1, 900), (2, 800), (3, 100), (4, 10)) == {}
    assert odd((1, 900), (2, 800), (3, 101), (4, 10)) == {4: 0.3}


@pytest.mark.parametrize(
    ("codes", "states"),
    [
        ([-2, 1, 2, 3, 4], {-2: 0.7}),
        ([-2, -1, 0, 1, 2, 3, 4], {-2: 0.7, -1: 0.4, 0: 0.7}),
        ([-2, 1, 2, 3], {}),  # the scale is no longer than half as long again
        ([-4, -3, -2, -1, 7, 8], {}),  # too many states
        ([-3, -2, -1, 7, 8], {-3: 0.7, -2: 0.7, -1: 0.4}),
        ([-2, 0, 4], {}),  # one step is no scale
    ],
)
def test_states_before_a_scale(codes, states):
    assert odd(*((code, 300) for code in codes)) == states


def test_why_a_state_is_odd():
    reasons = [code.reason for code in odd_codes(np.array([-2, -1, 0, 1, 2, 5]), np.full(6, 300))]
    assert reasons == [
        "before a scale of 1 to 5: one special code is usual, this is another",
        "before a scale of 1 to 5: the usual code for a state of its own",
        "before a scale of 1 to 5: it lies between states and steps",
    ]
