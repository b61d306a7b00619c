"""A quality classifier: learns both kinds, English and Chinese, is calibrated, saved and the same every time."""

import numpy as np
import pyarrow as pa
import pytest

from karat.clean import quality_classifier
from karat.clean.quality_classifier import QualityModel, train
from karat.core.errors import InputError

GOOD = [
    "the",
    "theorem",
    "follows",
    "from",
    "a",
    "proof",
    "by",
    "induction",
    "over",
    "measured",
    "results",
    "which",
    "we",
    "explain",
    "in",
    "detail",
]
BAD = [
    "click",
    "here",
    "buy",
    "cheap",
    "pills",
    "free",
    "winner",
    "now",
    "subscribe",
    "offer",
    "hot",
    "deal",
    "login",
    "cookies",
]
SHARED = [
    "and",
    "of",
    "to",
    "in",
    "is",
    "it",
    "that",
    "for",
    "on",
    "with",
    "as",
    "was",
    "at",
    "by",
    "be",
    "this",
    "have",
    "from",
    "or",
    "one",
    "had",
]


def texts(words, size, seed, gap=" "):
    chance = np.random.default_rng(seed)
    return [gap.join(chance.choice([*words, *SHARED], chance.integers(5, 40))) for _ in range(size)]


@pytest.mark.parametrize("gap", [" ", "，"])
def test_it_tells_the_two_kinds_apart(gap):
    model = train(texts(GOOD, 200, 1, gap), texts(BAD, 60, 2, gap))
    right = np.concatenate([model.score(texts(GOOD, 100, 3, gap)) > 0.5, model.score(texts(BAD, 100, 4, gap)) < 0.5])
    assert right.mean() > 0.97


def test_chinese_is_told_apart_by_its_characters():
    good, bad = list("研究结果证明该方法有效并且可以重复"), list("点击购买优惠免费中奖登录关注加微信")
    model = train(texts(good, 80, 1, ""), texts(bad, 80, 2, ""))
    assert model.score(["研究证明方法可以重复", "免费中奖点击关注"]).round().tolist() == [1.0, 0.0]


def test_a_probability_is_the_share_that_is_good():
    chance = np.random.default_rng(0)

    def noisy(share, seed):
        return [
            " ".join(np.where(chance.random(6) < share, chance.choice(GOOD, 6), chance.choice(BAD, 6)))
            for _ in range(seed)
        ]

    model = train(noisy(0.6, 800), noisy(0.4, 400))
    chances = np.concatenate([model.score(noisy(0.6, 2000)), model.score(noisy(0.4, 2000))])
    truth = np.repeat([1.0, 0.0], 2000)
    for low in (0.2, 0.4, 0.6):
        here = (chances >= low) & (chances < low + 0.2)
        if here.sum() > 100:
            assert abs(chances[here].mean() - truth[here].mean()) < 0.1


def test_what_says_nothing_is_undecided_and_slices_change_nothing(monkeypatch):
    model = train(texts(GOOD, 50, 1), texts(BAD, 50, 2))
    assert np.abs(model.score(["", "?!", None]) - model.score([""])).max() == 0
    held = pa.chunked_array([texts(GOOD, 7, 5), texts(BAD, 9, 6)])
    whole = model.score(held)
    from karat.quality import text_bytes

    monkeypatch.setattr(text_bytes, "SLICE_BYTES", 200)
    assert (model.score(held) == whole).all()


def test_a_saved_model_scores_the_same_and_so_does_one_trained_again(tmp_path):
    model = train(texts(GOOD, 50, 1), texts(BAD, 50, 2))
    again = train(texts(GOOD, 50, 1), texts(BAD, 50, 2))
    back = QualityModel.load(model.save(tmp_path / "quality.npz"))
    some = texts(GOOD, 20, 7)
    assert (back.score(some) == model.score(some)).all()
    assert (again.score(some) == model.score(some)).all()


def test_too_few_examples_and_a_file_that_is_no_model_are_said(tmp_path):
    with pytest.raises(InputError, match="3 bad examples are too few"):
        train(["a"] * 9, ["b"] * 3)
    (tmp_path / "x.npz").write_bytes(b"nothing")
    with pytest.raises(InputError, match="not a saved quality model"):
        QualityModel.load(tmp_path / "x.npz")
    assert quality_classifier.FOLDS <= quality_classifier.MIN_EXAMPLES
