import numpy as np
import pytest

from karat.kernels.repeats import (
    collect,
    count_lines,
    hash_lines,
    mark,
    next_end,
    token_hashes,
    token_spans,
    trimmed,
    windows,
)
from karat.kernels.shingles import letters

KIND, LOWER = letters()


def parts(packed, *texts):
    buf, offsets = packed(*texts)
    return buf, offsets[:-1], offsets[1:]


def test_lines_are_counted_at_most(packed):
    assert count_lines(*parts(packed, "a\nb\n", "", "c")) == 2 + 3


def pieces(packed, text, paragraphs):
    buf, _, ends = parts(packed, text)
    out, at = [], 0
    while at < ends[0]:
        after = next_end(buf, at, ends[0], paragraphs)
        out.append(buf[at:after].tobytes().decode())
        at = after
    return out


def test_lines_and_paragraphs_end_with_their_line_breaks(packed):
    assert pieces(packed, "a\n\nb\r\nc", False) == ["a\n", "\n", "b\r\n", "c"]
    assert pieces(packed, "a\nb\n\nc\n \t\r\nd", True) == ["a\nb\n", "\nc\n", " \t\r\nd"]
    assert pieces(packed, "a\nb\n  ", True) == ["a\nb\n", "  "]
    assert pieces(packed, "a\n", True) == ["a\n"]


def test_white_space_is_trimmed_at_both_ends(packed):
    buf, *_ = parts(packed, " \t\n\v\f\ra b\r\f\v\n\t ")
    start, end = trimmed(buf, 0, len(buf))
    assert buf[start:end].tobytes() == b"a b"
    assert trimmed(buf, 0, 3) == (3, 3)


def lines(packed, *texts, fewest=2, paragraphs=False):
    buf, starts, ends = parts(packed, *texts)
    room = count_lines(buf, starts, ends)
    hashes, text, span = np.zeros((room, 2), np.uint64), np.zeros(room, np.int64), np.zeros((room, 2), np.int64)
    count = hash_lines(buf, starts, ends, paragraphs, fewest, (hashes, text, span))
    return hashes[:count], text[:count].tolist(), span[:count].tolist()


def test_lines_of_enough_characters_are_hashed_without_the_space_around_them(packed):
    hashes, text, span = lines(packed, "好天\n x \nab", "  ab\t\n\nb")
    assert text == [0, 0, 1]
    assert span == [[0, 3], [7, 9], [0, 6]]  # characters, line break included
    assert (hashes[1] == hashes[2]).all()
    assert (hashes[0] != hashes[1]).any()
    assert lines(packed, "ab", fewest=3)[1] == []
    assert lines(packed, "好天", fewest=2)[1] == [0]
    assert lines(packed, " \n", fewest=0)[1] == []


def test_paragraphs_are_hashed_whole(packed):
    hashes, text, span = lines(packed, "ab\ncd\n\nab\ncd", paragraphs=True)
    assert span == [[0, 6], [6, 12]]
    assert text == [0, 0]
    assert (hashes[0] == hashes[1]).all()


def tokens(packed, text):
    buf, _, ends = parts(packed, text)
    out = np.zeros(len(buf) + 1, np.uint64)
    return out[: token_hashes(buf, 0, ends[0], KIND, LOWER, out)].tolist()


def test_tokens_are_words_or_characters_by_script(packed):
    assert len(tokens(packed, "one two, THREE")) == 3
    assert tokens(packed, "one two") == tokens(packed, "ONE-two!")
    assert len(tokens(packed, "今天 好。")) == 4


def runs(values, width):
    out = np.zeros(len(values) + 1, np.uint64)
    return out[: windows(np.array(values, np.uint64), len(values), width, out)].tolist()


def test_a_window_is_known_by_its_tokens_alone():
    hashes = runs([1, 2, 3, 9, 1, 2, 3], 3)
    assert len(hashes) == 5
    assert hashes[0] == hashes[4]
    assert len(set(hashes)) == 4
    assert runs([1, 2], 3) == []
    assert len(runs([1, 2, 3], 3)) == 1
    assert runs([3, 2, 1], 3) != runs([1, 2, 3], 3)


def repeated(packed, *texts, width=3, room=100):
    buf, starts, ends = parts(packed, *texts)
    once, twice = np.zeros(1024, np.uint64), np.zeros(1024, np.uint64)
    mark(buf, starts, ends, KIND, LOWER, width, once, twice)
    out, text = np.zeros((room, 2), np.uint64), np.zeros((room, 2), np.int64)
    count = collect(buf, starts, ends, KIND, LOWER, width, twice, out, text)
    return out[: min(count, room)], text[: min(count, room)].tolist(), count


def test_windows_seen_twice_are_collected_with_their_places(packed):
    out, text, count = repeated(packed, "x a b c d", "y A B, C d z")
    assert text == [[0, 1], [0, 2], [1, 1], [1, 2]]
    assert count == 4
    assert (out[0] == out[2]).all()
    assert (out[1] == out[3]).all()
    assert (out[0] != out[1]).all()


def test_what_stands_once_is_not_collected_and_a_text_may_repeat_itself(packed):
    assert repeated(packed, "a b c d e f")[2] == 0
    assert repeated(packed, "a b c a b c")[1] == [[0, 0], [0, 3]]
    assert repeated(packed, "a b", "a b")[2] == 0
    assert repeated(packed)[2] == 0


def test_windows_beyond_the_room_are_counted(packed):
    _, text, count = repeated(packed, "a b c d", "a b c d", room=3)
    assert (len(text), count) == (3, 4)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("ab  cd.", [0, 4, 7]),
        (" é ü", [1, 3, 4]),
        ("今 天ab", [0, 2, 3, 4, 5]),
        ("", [0]),
        ("...", [3]),
    ],
)
def test_where_tokens_begin_in_characters(packed, text, begins):
    buf, _, ends = parts(packed, text)
    out = np.zeros(len(buf) + 2, np.int64)
    count = token_spans(buf, 0, ends[0], KIND, out)
    assert count == len(begins) - 1
    assert out[: count + 1].tolist() == begins
