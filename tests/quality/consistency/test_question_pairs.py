"""Questions that resemble each other: pairs are proposed by sketches and decided by words."""

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency import _question_pairs
from karat.quality.consistency._question_pairs import Alike, Questions, alike
from karat.quality.final_answers import COUNT, SHORT

WORDS = "river bread garden window paper summer market village letter music stone winter bridge candle forest".split()  # noqa: SIM905


def block_of(rows):
    columns = [pa.array(list(cells), pa.string()) for cells in zip(*rows, strict=True)]
    schema = Schema((Column("question", Role.TEXT), Column("answer", Role.TEXT)), kind="chat")
    return Block(np.arange(len(rows)) + 5, pa.table(dict(zip(schema.names, columns, strict=True))), schema)


def question(seed, size=12):
    return " ".join(np.random.default_rng(seed).choice(WORDS, size))


def matches(*texts, least=0.8, met=0.0):
    found_pairs = alike(pa.array(list(texts), pa.large_string()), least, met)
    return {
        later: [(pair.earlier, pair.same_numbers, pair.swapped) for pair in pairs]
        for later, pairs in found_pairs.items()
    }


TEXT = question(1)


def test_the_same_but_for_case_and_marks():
    pairs = alike(pa.array([TEXT, question(2), TEXT.upper() + "?"], pa.large_string()), 0.8)
    assert pairs == {2: [Alike(2, 0, 1.0, same_numbers=True, swapped=())]}


def test_words_that_carry_meaning_and_words_that_do_not():
    last = TEXT.split()[-1]
    assert matches(TEXT, "please " + TEXT) == {1: [(0, True, ())]}
    assert matches(TEXT, TEXT + " quickly") == {1: [(0, True, ("quickly",))]}
    assert matches(TEXT, TEXT.removesuffix(last) + "quickly") == {1: [(0, True, (last, "quickly"))]}
    assert matches(TEXT, TEXT.replace("e", "ee", 1)) == {1: [(0, True, ())]}, "a slip"


def test_other_numbers_are_told_and_words_then_not_looked_for():
    assert matches(TEXT + " 7", TEXT + " 8 quickly") == {1: [(0, False, ())]}
    assert matches(TEXT + " 1,000", TEXT + " 1000") == {1: [(0, True, ())]}


def test_the_share_of_words_must_reach_the_least():
    four = " ".join(WORDS[:4])
    other = " ".join([*WORDS[:3], "stone"])
    assert list(matches(four, other, least=0.75)) == [1]  # three of four
    assert matches(four, other, least=0.76) == {}
    assert matches(four, " ".join(WORDS[:9]), least=0.9) == {}


def test_the_likest_comes_first_and_the_same_numbers_before_all():
    number, added, twice = TEXT + " 8", TEXT + " 7 x", TEXT + " 7 x y"
    order = [earlier for earlier, *_ in matches(number, twice, added, TEXT + " 7", least=0.7)[3]]
    assert order == [2, 1, 0]
    equal = matches(TEXT, TEXT, TEXT)
    assert equal == {1: [(0, True, ())], 2: [(0, True, ()), (1, True, ())]}


def test_only_pairs_whose_sketches_agree_are_read():
    some = TEXT + " " + question(3)
    assert list(matches(TEXT, some, least=0.5)) == [1]
    assert matches(TEXT, some, least=0.5, met=0.9) == {}
    assert list(matches(TEXT, TEXT.upper(), least=0.5, met=1.0)) == [1]


def test_questions_that_all_are_alike_are_compared_with_some(monkeypatch):
    monkeypatch.setattr(_question_pairs, "MAX_BUCKET", 6)
    pairs = matches(*[TEXT] * 12)
    assert [earlier for earlier, *_ in pairs[11]] == [0, 8, 9, 10]
    assert [earlier for earlier, *_ in pairs[2]] == [0, 1]


def test_pairs_are_the_same_whatever_is_compared_at_a_time(monkeypatch):
    texts = [question(at) for at in range(6)] * 3
    whole = matches(*texts)
    assert whole[12] == [(0, True, ()), (6, True, ())]
    monkeypatch.setattr(_question_pairs, "PART", 2)
    assert matches(*texts, met=0.1) == whole


def test_chinese_is_compared_sign_by_sign():
    assert matches("请问今年的春天什么时候来到我们的村庄呢", "今年的春天什么时候来到我们的村庄") == {1: [(0, True, ())]}
    assert matches("今年的春天什么时候来到我们的村庄", "今年的冬天什么时候来到我们的村庄") == {
        1: [(0, True, ("春", "冬"))]
    }


def test_no_questions_have_no_pairs():
    assert matches() == {}
    assert matches("", TEXT) == {}


def test_questions_with_what_their_last_answers_come_down_to():
    state = Questions.of(block_of([("How many?", "12 apples"), (None, "x"), ("Why?", "so"), ("Who?", None)]))
    assert state.rows.tolist() == [5, 7, 8]
    assert state.texts.to_pylist() == ["How many?", "Why?", "Who?"]
    assert state.finals.to_pylist() == ["12", "so", ""]
    assert state.kinds.tolist() == [COUNT, SHORT, SHORT]
    assert state.records == 3


def test_blocks_merge_to_the_whole_and_what_is_too_much_is_sampled(monkeypatch):
    whole = block_of([(f"Question {at}?", f"{at}") for at in range(9)])
    merged = Questions.of(whole.take(np.arange(4))).merge(Questions.of(whole.take(np.arange(4, 9))))
    assert merged.texts.to_pylist() == Questions.of(whole).texts.to_pylist()
    assert merged.kinds.tolist() == Questions.of(whole).kinds.tolist()
    monkeypatch.setattr(_question_pairs, "MAX_RECORDS", 4)
    kept = sorted((np.argsort(whole.keys)[:4] + 5).tolist())
    again = Questions.of(whole.take(np.arange(4))).merge(Questions.of(whole.take(np.arange(4, 9))))
    assert (again.rows.tolist(), again.records) == (kept, 9)
    assert again.finals.to_pylist() == [str(row - 5) for row in kept]


def test_long_questions_are_cut(monkeypatch):
    monkeypatch.setattr(_question_pairs, "MAX_TEXT", 3)
    assert Questions.of(block_of([("abcdef", "x")])).texts.to_pylist() == ["abc"]
    assert len(Questions.of(block_of([("abc", "x" * 400)])).finals[0].as_py()) == 300
