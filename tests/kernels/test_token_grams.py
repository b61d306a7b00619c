import numpy as np
import pytest

from karat.kernels.token_grams import (
    ALONE,
    BREAK,
    LETTER,
    decoded,
    filled,
    folded,
    known_grams,
    list_grams,
    next_token,
    whole_texts,
)


@pytest.mark.parametrize(
    ("sign", "what", "twin"),
    [
        ("a", LETTER, "a"), ("z", LETTER, "z"), ("A", LETTER, "a"), ("Z", LETTER, "z"), ("0", LETTER, "0"),
        ("9", LETTER, "9"), ("/", BREAK, None), (":", BREAK, None), ("@", BREAK, None), ("[", BREAK, None),
        ("`", BREAK, None), ("{", BREAK, None), ("\x7f", BREAK, None), ("\xa0", BREAK, None), ("ª", LETTER, "ª"),
        ("µ", LETTER, "µ"), ("º", LETTER, "º"), ("»", BREAK, None), ("À", LETTER, "à"), ("Þ", LETTER, "þ"),
        ("×", BREAK, None), ("÷", BREAK, None), ("ß", LETTER, "ß"), ("ÿ", LETTER, "ÿ"), ("Α", LETTER, "α"),
        ("Ω", LETTER, "ω"), ("ΐ", LETTER, "ΐ"), ("Ѐ", LETTER, "ѐ"), ("Џ", LETTER, "џ"), ("А", LETTER, "а"),
        ("Я", LETTER, "я"), ("а", LETTER, "а"), ("ا", LETTER, "ا"), ("ก", LETTER, "ก"),
        ("\u2000", BREAK, None), ("⯿", BREAK, None), ("、", BREAK, None), ("\u303f", BREAK, None),
        ("\u3040", ALONE, "\u3040"), ("ヿ", ALONE, "ヿ"), ("㐀", ALONE, "㐀"), ("好", ALONE, "好"),
        ("\u9fff", ALONE, "\u9fff"), ("가", ALONE, "가"), ("\ud7af", ALONE, "\ud7af"), ("豈", ALONE, "豈"),
        ("\ufaff", ALONE, "\ufaff"), ("︀", BREAK, None), ("\ufe6f", BREAK, None), ("\ufeff", BREAK, None),
        ("𠀀", ALONE, "𠀀"), ("Ａ", LETTER, "a"), ("Ｚ", LETTER, "z"), ("ａ", LETTER, "a"), ("９", LETTER, "9"),
        ("！", BREAK, None), ("～", BREAK, None), ("￿", BREAK, None), ("😀", BREAK, None),
    ],
)  # fmt: skip
def test_what_a_character_is_and_what_it_is_folded_to(sign, what, twin):
    kind, code = folded(ord(sign))
    assert kind == what
    if twin is not None:
        assert chr(code) == twin


def tokens(packed, text):
    data, offsets = packed(text)
    out, at = [], 0
    while at < offsets[1]:
        value, begin, at, alone = next_token(data, at, offsets[1])
        if begin < offsets[1]:
            out.append((data[begin:at].tobytes().decode(), bool(alone), int(value)))
    return out


def test_tokens_are_runs_of_letters_and_single_signs_of_scripts_without_spaces(packed):
    shown = [(text, alone) for text, alone, _ in tokens(packed, " Über-2b,今天x！")]
    assert shown == [("Über", False), ("2b", False), ("今", True), ("天", True), ("x", False)]
    assert tokens(packed, "...") == []
    assert tokens(packed, "") == []


def test_tokens_that_differ_in_case_or_width_alone_are_the_same(packed):
    values = [value for _, _, value in tokens(packed, "abc ABC ａｂｃ abd 好")]
    assert values[0] == values[1] == values[2]
    assert len(set(values)) == 3


def test_code_points_are_read_from_bytes_of_any_width():
    for sign in "a\x7f\x80߿ࠀ\uffff𐀀\U0010ffff":
        data = np.frombuffer(sign.encode(), np.uint8)
        assert decoded(data, 0) == (ord(sign), len(data))


def facts(packed, *texts, most=100):
    data, offsets = packed(*texts)
    out, count, alone = np.zeros(len(texts), np.uint64), np.zeros(len(texts), np.int64), np.zeros(len(texts), np.int64)
    whole_texts(data, offsets, most, out, count, alone)
    return out.tolist(), count.tolist(), alone.tolist()


def test_whole_texts_are_known_by_their_tokens_in_order(packed):
    hashes, count, alone = facts(packed, "A b c", "a, b. C!", "c b a", "今天 ok", "")
    assert hashes[0] == hashes[1] != hashes[2]
    assert count == [3, 3, 3, 3, 0]
    assert alone == [0, 0, 0, 2, 0]


def test_a_text_of_more_tokens_is_left_after_them(packed):
    assert facts(packed, "a b c d e f", "a b c", most=2)[1] == [3, 3]
    hashes = facts(packed, "a b c d e f", "a b c x", most=2)[0]
    assert hashes[0] == hashes[1]


def grams(packed, *texts, size=2):
    data, offsets = packed(*texts)
    out, of = np.zeros(len(data), np.uint64), np.zeros(len(data), np.int64)
    count = list_grams(data, offsets, size, out, of)
    return out[:count].tolist(), of[:count].tolist()


def test_every_run_of_tokens_is_a_gram_of_its_text(packed):
    hashes, of = grams(packed, "a b c a b", "x", "B, c")
    assert of == [0, 0, 0, 0, 2]
    assert hashes[0] == hashes[3]
    assert hashes[1] == hashes[4]
    assert len(set(hashes)) == 3
    assert grams(packed, "a b", size=3)[0] == []
    assert len(grams(packed, "a b c", size=1)[0]) == 3
    long = grams(packed, "p q r s t u v q r s t u", size=5)[0]
    assert long[1] == long[7]
    assert len(set(long)) == 7


def hits(packed, keys, *texts, size=2, room=10):
    data, offsets = packed(*texts)
    keys = np.array(keys, np.uint64)
    slots = np.zeros(8, np.int32)
    filled(keys, slots)
    out = np.zeros((room, 4), np.int64)
    count = known_grams(data, offsets, size, keys, slots, out)
    raw = data.tobytes()
    return [(text, key, raw[low:high].decode()) for text, key, low, high in out[: min(count, room)].tolist()], count


def test_known_runs_are_pointed_at_where_they_stand(packed):
    keys = grams(packed, "b c 今天")[0]  # b c, c 今, 今天
    places, count = hits(packed, keys, "a B, c.", "x 今天 今天", "c")
    assert places == [(0, 0, "B, c"), (1, 2, "今天"), (1, 2, "今天")]
    assert count == 3
    assert hits(packed, keys, "a b", "c d")[1] == 0


def test_hits_beyond_the_room_are_counted(packed):
    keys = grams(packed, "a b")[0]
    assert hits(packed, keys, "a b a b a b", room=2) == ([(0, 0, "a b"), (0, 0, "a b")], 3)


def test_keys_of_one_place_stand_behind_each_other():
    keys, slots = np.array([8, 16, 7, 15], np.uint64), np.zeros(8, np.int32)
    filled(keys, slots)
    assert slots.tolist() == [1, 2, 4, 0, 0, 0, 0, 3]
