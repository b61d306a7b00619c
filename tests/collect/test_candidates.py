"""Encodings in order of likelihood, from the words that hold bytes beyond ASCII."""

import pytest

from karat.collect.candidates import CANDIDATES, MAX_WORD_BYTES, MAX_WORDS, _words, ranked


def test_every_candidate_is_a_codec_that_holds_ascii() -> None:
    assert all("a".encode(codec) == b"a" for codec in CANDIDATES)
    assert CANDIDATES["cp1252"] < CANDIDATES["cp1250"] < CANDIDATES["cp866"] < CANDIDATES["cp737"]


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Jürgen Götz Köln München Düsseldorf Straße", "cp1252"),
        ("Иван Ольга Анна Москва Казань", "cp1251"),
        ("杨磊 刘洋 上海 广州 成都", "gb18030"),
        ("Иван Ольга Анна Москва Казань", "koi8_u"),
    ],
)
def test_the_language_tells_the_encoding(text: str, codec: str) -> None:
    ranking = ranked(text.encode(codec))
    assert ranking.codec == codec
    assert ranking.runner_up != codec
    assert ranking.lead > 0
    assert 1.0 < ranking.cost < 4.5


def test_bytes_at_random_cost_more_than_a_language() -> None:
    noise = bytes((37 * k * k + 11 * k) % 128 + 128 for k in range(200))
    assert ranked(noise).cost > 4.5


def test_ascii_beside_the_words_and_words_told_twice_change_nothing() -> None:
    short = "Łódź Gdańsk".encode("cp1250")
    assert ranked(b"one, two;three\t" + short + b"\nfour") == ranked(short)
    assert ranked(short + b" " + short) == ranked(short)


def test_words_are_distinct_short_and_taken_from_the_whole_text() -> None:
    assert _words("é,a;é\tü".encode("cp1252")) == [b"\xe9", b"\xfc"]
    longest, longer = b"\xe9" * MAX_WORD_BYTES, b"\xe9" * (MAX_WORD_BYTES + 1)
    assert _words(longer + b" " + longest) == [longest]
    assert _words(longer) == [longest]
    words = [b"\xe9%d" % at for at in range(2 * MAX_WORDS)]
    chosen = _words(b" ".join(words))
    assert len(chosen) == MAX_WORDS
    assert chosen[0] == words[0]
    assert chosen[-1] == words[-1]
    assert len(_words(b" ".join(words[:MAX_WORDS]))) == MAX_WORDS


def test_a_long_word_is_cut_where_it_leaves_ascii() -> None:
    long = b"C" * 200 + "\u00e9t\u00e9".encode("cp1252")
    assert _words(long) == ["\u00e9t\u00e9".encode("cp1252")]
    assert ranked(long).codec != ranked(long).runner_up
