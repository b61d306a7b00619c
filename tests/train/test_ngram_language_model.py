"""An n-gram model is a probability, knows what it has read, and counts bits per byte in every unit."""

import numpy as np
import pytest

from karat.core.errors import OptionError
from karat.train import ngram_language_model
from karat.train.ngram_language_model import NgramLanguageModel, sizes, spelled

TEXTS = ["the cat sat on the mat", "the dog sat on the log", "猫坐在垫子上", "", "the cat and the dog"] * 3


def chance_of_next(model, text):
    """The probability of each unit of the vocabulary of bytes after a text."""
    from karat.kernels import ngram_counts

    units = spelled([text], "bytes")[0][:-1]
    spent = []
    for follower in [None, 1, *range(2, 258)]:
        held = units if follower is None else np.append(units, np.uint64(follower))
        out = np.zeros(1)
        floor = ngram_language_model._floors(held, "bytes")
        ngram_counts.bits(
            held, np.array([0, len(held)]), floor, model.order, model.keys, model.values, model.discounts, out
        )
        spent.append(out[0])
    return 2 ** -(np.array(spent[1:]) - spent[0])


@pytest.mark.parametrize("text", ["the ", "t", "zzz", "猫"])
def test_probabilities_sum_to_one(text):
    assert chance_of_next(NgramLanguageModel().fit(TEXTS), text).sum() == pytest.approx(1, abs=1e-9)


def test_two_texts_by_hand():
    """Two texts, ab and ac, with bigrams: one discount a length, by hand from the formula of Chen & Goodman."""
    model = NgramLanguageModel("bytes", 2).fit(["ab", "ac"])
    # bigrams: ^a 2, ab 1, ac 1, b$ 1, c$ 1 -> n1 = 4, n2 = 1, d = 4/6; unigrams by kinds before: a 1, b 1, c 1, $ 2
    d2, d1, kinds, total = 4 / 6, 3 / 5, 4, 5
    floor = 1 / 257
    one = {"a": 1 - d1, "b": 1 - d1, "$": 2 - d1}
    low = {key: (value + d1 * kinds * floor) / total for key, value in one.items()}
    a = (2 - d2 + d2 * 1 * low["a"]) / 2
    b = (1 - d2 + d2 * 2 * low["b"]) / 2
    end = (1 - d2 + d2 * 1 * low["$"]) / 1
    assert model.bits(["ab"])[0] == pytest.approx(-np.log2(a * b * end))


@pytest.mark.parametrize("unit", ["bytes", "characters", "words"])
def test_what_was_read_is_easier(unit):
    model = NgramLanguageModel(unit).fit(TEXTS)
    read, strange = model.bits(["the cat sat on the mat", "xq zv jk 零壹贰叁"])
    assert read / 22 < 1 < strange / sizes(["xq zv jk 零壹贰叁"])[0]
    assert model.bits(["", "a"])[0] == 0


def test_the_table_grows_and_long_documents_are_cut(monkeypatch):
    chance = np.random.default_rng(0)
    texts = ["".join(chance.choice(list("abcdefgh "), 3_000)) for _ in range(4)]
    whole = NgramLanguageModel().fit(texts)
    monkeypatch.setattr(ngram_language_model, "FIRST_SLOTS", 8)
    grown = NgramLanguageModel().fit(texts)
    assert len(grown.keys) > 8
    assert grown.bits(texts) == pytest.approx(whole.bits(texts), abs=0)
    monkeypatch.setattr(ngram_language_model, "STRETCH", 100)
    _, bounds, homes = spelled(texts, "bytes")
    assert np.bincount(homes).tolist() == [30] * 4
    assert bounds[-1] == sum(map(len, texts)) + 30 * 4 + 4


def test_strange_options_are_told():
    with pytest.raises(OptionError, match="Did you mean 'words'"):
        NgramLanguageModel("word")
    with pytest.raises(OptionError, match="order"):
        NgramLanguageModel(order=99)
