import numpy as np

from karat.prepare.columns import FLOAT32_MAX, codes, numbers, picked, seconds


def test_numbers_stay_within_float32_and_gaps_are_nan(make_block):
    block = make_block(x=("number", ["1.5", None, "word", "1e300", "-1e300"]))
    view = numbers(block, "x")
    assert view.dtype == np.float32
    assert view[[0, 3, 4]].tolist() == [1.5, FLOAT32_MAX, -FLOAT32_MAX]
    assert np.isnan(view[1:3]).all()


def test_codes_point_at_their_texts_and_gaps_at_none(make_block):
    block = make_block(nulls=("N/A",), x=("category", ["b", None, "N/A", "a", "b"]))
    view, texts = codes(block, "x")
    assert view.dtype == np.int32
    assert [texts[code] if code >= 0 else None for code in view] == ["b", None, None, "a", "b"]


def test_times_are_seconds_since_1970(make_block):
    block = make_block(x=("time", ["1970-01-02 00:00:01.5", None, "never", "1969-12-31 23:59:59"]))
    view = seconds(block, "x")
    assert view[[0, 3]].tolist() == [86_401.5, -1]
    assert np.isnan(view[1:3]).all()


def test_a_view_is_made_once_a_block(make_block):
    block = make_block(x=("number", ["1"]), c=("category", ["a"]), t=("time", ["1970-01-01"]))
    assert numbers(block, "x") is numbers(block, "x")
    assert codes(block, "c")[0] is codes(block, "c")[0]
    assert seconds(block, "t") is seconds(block, "t")
    assert numbers(make_block(x=("number", ["2"])), "x").tolist() == [2]


def test_entries_are_picked_by_position(make_block):
    view = np.array([5, 6, 7])
    assert picked(view, None) is view
    assert picked(view, np.array([2, 0, 2])).tolist() == [7, 5, 7]
