"""Questions that repeat an earlier one."""

import numpy as np
import pytest

from karat.quality.consistency import _question_pairs
from karat.quality.consistency.near_duplicate_questions import NearDuplicateQuestions

WORDS = [f"{a}{b}" for a in "bdfgklmnprst" for b in ("anto", "erolo", "ilumi", "omira", "ustana")]
HAN = [chr(0x4E00 + i) for i in range(900)]


def questions(size, words=WORDS, gap=" ", length=24):
    chance = np.random.default_rng(3)
    return [gap.join(chance.choice(words, length)) for _ in range(size)]


def sure(found):
    return {row for (row, _), chance in found.items() if chance >= 0.5}


@pytest.mark.parametrize(("words", "gap"), [(WORDS, " "), (HAN, "")])
def test_copies_with_slips_in_other_case_or_frame_are_found_and_others_are_not(told, words, gap):
    texts = questions(60, words, gap)
    slip = texts[5][:30] + texts[5][31:] if gap else texts[5][:10] + "哈" + texts[5][11:]
    copies = [texts[0].upper() + "！", ("Please, " if gap else "请问，") + texts[9], slip]
    records = [{"question": text, "answer": f"words about {at} and more of it"} for at, text in enumerate(texts)]
    records += [{"question": text, "answer": records[at]["answer"]} for at, text in zip((0, 9, 5), copies, strict=True)]
    assert sure(told(NearDuplicateQuestions(), records)) == {60, 61, 62}


def test_other_numbers_other_things_and_other_short_answers_make_other_questions(told):
    records = [
        {"question": "A train goes 60 miles in 2 hours, how fast is it on the whole of its way?", "answer": "30"},
        {"question": "A train goes 90 miles in 3 hours, how fast is it on the whole of its way?", "answer": "30"},
        {"question": "What is the capital of France?", "answer": "Paris"},
        {"question": "What is the capital of Spain?", "answer": "Madrid"},
        {"question": "中国的首都是哪里？", "answer": "北京"},
        {"question": "法国的首都是哪里？", "answer": "巴黎"},
    ]
    assert sure(told(NearDuplicateQuestions(), records)) == set()


def test_none_goes_for_its_likeness_to_one_that_goes(told, chat_block):
    base = questions(1, length=30)[0].split()
    chain = [" ".join(["extra"] * 0 + base[: -at or None] + [f"tail{j}" for j in range(at)]) for at in (0, 4, 8)]
    records = [{"question": text, "answer": "one and the same long answer to all of them"} for text in chain]
    check = NearDuplicateQuestions()
    block = chat_block(records)
    found = {
        one["row"]: int(one["value"])
        for one in check.judge(check.learn(block), block).to_pylist()
        if one["confidence"] >= 0.5
    }
    assert set(found.values()).isdisjoint(found)


def test_a_crowded_bucket_is_bounded(monkeypatch, told):
    monkeypatch.setattr(_question_pairs, "MAX_BUCKET", 5)
    text = questions(1)[0]
    found = told(NearDuplicateQuestions(), [{"question": text, "answer": "yes indeed so"} for _ in range(40)])
    assert sure(found) == set(range(1, 40))


def test_beyond_the_bound_a_sample_is_kept_whatever_the_blocks(monkeypatch, chat_block):
    monkeypatch.setattr(_question_pairs, "MAX_RECORDS", 10)
    block = chat_block([{"question": text, "answer": "a"} for text in questions(40)])
    whole = _question_pairs.Questions.of(block)
    halves = [_question_pairs.Questions.of(block.take(np.arange(a, b))) for a, b in ((0, 17), (17, 40))]
    assert len(whole.rows) == 10
    assert (halves[0].merge(halves[1]).rows == whole.rows).all()
