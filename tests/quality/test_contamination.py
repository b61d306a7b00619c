"""Test texts inside other texts, with runs short enough to count by hand."""

import numpy as np
import pyarrow as pa
import pytest

from karat.quality import contamination, text_bytes
from karat.quality.contamination import MAX_TESTS, TestSet, hashed_whole

HAN = [chr(0x4E00 + at) for at in range(40)]


def overlaps(texts, tests, n=3):
    return [tuple(row.values()) for row in TestSet.of(tests, n).find(texts).to_pylist()]


def test_the_share_of_a_test_texts_runs_and_the_longest_stretch():
    texts = ["unlike", "so The quick, brown fox ran; fox jumps over it"]
    assert overlaps(texts, ["the quick brown fox jumps over"]) == [(1, 0, 0.75, "The quick, brown fox")]


def test_of_equal_stretches_the_first_is_shown_and_a_longer_one_wins():
    test = ["a b c d e f g h i"]
    assert overlaps(["a b c x e f g"], test) == [(0, 0, 2 / 7, "a b c")]
    assert overlaps(["a b c x d e f g"], test) == [(0, 0, 3 / 7, "d e f g")]


def test_a_run_counts_once_however_often_it_stands_there():
    assert overlaps(["a b c x a b c x a b c"], ["a b c d"]) == [(0, 0, 0.5, "a b c")]
    assert overlaps(["x y z"], ["x y z x y z"]) == [(0, 0, pytest.approx(1 / 3), "x y z")]


def test_a_text_of_just_a_run_is_found_in_part_and_a_shorter_one_only_whole():
    assert overlaps(["b a b c d"], ["a b c"]) == [(0, 0, 1.0, "a b c")]
    assert overlaps(["x a b"], ["a b"]) == []
    assert overlaps(["A, b!"], ["a b"]) == [(0, 0, 1.0, "A, b!")]
    assert overlaps(["a b a"], ["a b"]) == []


def test_runs_of_chinese_are_longer_by_the_characters_of_a_word():
    text = "".join(HAN[:10])
    assert overlaps(["".join(HAN[2:7])], [text]) == [(0, 0, pytest.approx(1 / 6), "".join(HAN[2:7]))]
    assert overlaps(["".join(HAN[2:6])], [text]) == []  # 3 words are 4.8 characters


def test_three_in_ten_tokens_of_han_make_a_chinese_text():
    few = TestSet.of(["a b c d e f g h 一 二"], 3)
    many = TestSet.of(["a b c d e f g 一 二 三"], 3)
    assert [grams.size for grams in few.grams] == [3]
    assert [grams.size for grams in many.grams] == [5]
    assert (few.totals[0], many.totals[0]) == (8, 6)


def test_a_phrase_of_too_many_test_texts_says_nothing():
    tests = [f"once upon a time {at}" for at in range(MAX_TESTS)]
    assert len(overlaps(["once upon a"], tests)) == MAX_TESTS
    assert overlaps(["once upon a"], [*tests, "once upon a day"]) == []
    assert len(overlaps(["hi"], ["hi"] * (MAX_TESTS + 3))) == MAX_TESTS


def test_rows_come_in_order_each_pair_once_and_slices_do_not_matter(monkeypatch):
    tests = ["a b c d", "b c d e", "hi", "ho"]
    texts = ["ho", "a b c d e", "", None, "hi", "x"] * 3
    whole = TestSet.of(tests, 3).find(texts)
    pairs = list(zip(whole["row"].to_pylist(), whole["test_row"].to_pylist(), strict=True))
    assert pairs == [(6 * round_ + row, test) for round_ in range(3) for row, test in ((0, 3), (1, 0), (1, 1), (4, 2))]
    monkeypatch.setattr(text_bytes, "SLICE_BYTES", 4)
    assert TestSet.of(tests, 3).find(pa.chunked_array([pa.array(texts[:5]), pa.array(texts[5:])])).equals(whole)


def test_many_hits_need_more_room_than_is_taken_first():
    words = [f"w{at}" for at in range(1500)]
    assert overlaps([" ".join(words)], [" ".join(words)]) == [(0, 0, 1.0, " ".join(words))]


def test_nothing_to_look_for_or_in():
    assert overlaps([], ["a b c"]) == overlaps(["a b c"], []) == overlaps(["a b c"], ["", None]) == []
    assert TestSet.of([]).most == 0
    assert len(TestSet.of(["a b c", "", None], 3).short) == 0
    assert TestSet.of(["a b c", "a b"], 3).most == 2


def test_hashes_of_whole_texts_leave_case_and_marks_aside():
    whole, tokens, alone = hashed_whole(text_bytes.text_array(["Ab cd", "ab, CD.", "ab 中", "", "中文"]))
    assert whole[0] == whole[1] != whole[2]
    assert tokens.tolist() == [2, 2, 2, 0, 2]
    assert alone.tolist() == [0, 0, 1, 0, 2]
    assert contamination.WORDS == 13
    np.testing.assert_array_equal(hashed_whole(text_bytes.text_array(["a b c"]), 2)[1] > 2, True)
