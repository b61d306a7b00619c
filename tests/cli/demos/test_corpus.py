"""Reports that are made up, with copies and rubbish planted among them."""

import pytest

from karat.cli.demos import corpus
from karat.cli.demos.corpus import COMMON, EVERY, LETTERS, SIGNS, _word, documents

GOOD = 90


@pytest.fixture
def output(monkeypatch):
    monkeypatch.setattr(corpus, "GOOD", GOOD)
    return documents()


def test_every_sixth_report_is_followed_by_a_plant_in_turn(output):
    texts, kinds = output
    assert kinds.count("good") == GOOD
    assert [kinds.count(kind) for kind in ("copy", "near copy", "rubbish")] == [GOOD // EVERY // 3] * 3
    assert kinds[:3] == ["good", "copy", "good"]
    for at, kind in enumerate(kinds):
        before = texts[at - 1]
        if kind == "copy":
            assert texts[at] == before
        elif kind == "near copy":
            assert texts[at] == before + " And so the day ended."
        elif kind == "rubbish":
            assert set(texts[at].splitlines()) == {"Home | Log in"}


def test_good_reports_differ_and_every_fifth_is_chinese(output):
    good = [text for text, kind in zip(*output, strict=True) if kind == "good"]
    assert len(set(good)) == GOOD
    chinese = [text for text in good if set(text) <= set(SIGNS) | {"。"}]
    assert len(chinese) == GOOD // 5
    assert all(any(word in text.lower().split() for word in COMMON) for text in good if text not in chinese)


def test_a_word_has_one_spelling():
    assert _word(1) == _word(1) != _word(2)
    assert len(_word(1)) == 6
    assert set(_word(1)) <= set(LETTERS)


def test_the_same_corpus_is_made_again(output):
    assert documents() == output
