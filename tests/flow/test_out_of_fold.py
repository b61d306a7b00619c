import numpy as np
import pandas as pd
import pytest

import karat
from karat.flow.loading import load, plain_settings
from karat.flow.out_of_fold import out_of_fold, unjudged
from karat.prepare.target import Target

WORDS = {"正": ["好吃", "很快", "满意", "推荐", "不错", "喜欢"], "负": ["难吃", "太慢", "失望", "差劲", "糟糕", "退款"]}
NEUTRAL = ["我", "点", "了", "外卖", "送到", "米饭", "今天", "昨天", "这家", "店", "老板", "味道"]


def reviews(size=500, rate=0.2, seed=0):
    """Short texts of two kinds, some under the wrong label, and which."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, size)
    names = np.array(list(WORDS))
    texts = [
        "".join([*rng.choice(NEUTRAL, 5), *rng.choice(WORDS[names[at]], 2), *rng.choice(NEUTRAL, 3)]) + f" {row}"
        for row, at in enumerate(truth)
    ]
    turned = rng.random(size) < rate
    return pd.DataFrame({"text": texts, "label": names[np.where(turned, 1 - truth, truth)]}), truth, turned


def test_text_with_a_fifth_of_its_labels_wrong_is_answered_rightly():
    data, truth, _ = reviews()
    answers, target = out_of_fold(load(data, plain_settings("label")))
    right = np.array([list(WORDS).index(target.classes[at]) for at in answers.argmax(axis=1)])
    assert (right == truth).mean() > 0.95
    assert np.allclose(answers.sum(axis=1), 1)
    again, _ = out_of_fold(load(data, plain_settings("label")), workers=2)
    assert np.array_equal(answers, again)


def test_wrong_labels_of_records_without_probabilities():
    data, _, turned = reviews(seed=1)
    data.loc[3, "label"] = None
    found = karat.label.errors(data=data, target="label")
    assert 3 not in found["row"].to_pylist()
    flags = np.zeros(len(data), bool)
    flags[found["row"].to_numpy()[found["is_error"].to_numpy()]] = True
    turned[3] = False
    assert 2 * (flags & turned).sum() / (flags.sum() + turned.sum()) > 0.9


def test_numbers_are_answered_once():
    rng = np.random.default_rng(0)
    x = rng.normal(0, 1, 300)
    data = pd.DataFrame({"x": x, "z": rng.normal(0, 1, 300), "y": 10 * x + rng.normal(0, 0.5, 300)})
    data.loc[7, "y"] += 60
    answers, target = out_of_fold(load(data, plain_settings("y")))
    assert answers.shape == (300,)
    assert not target.classes
    found = karat.label.errors(data=data, target="y")
    assert found["row"].to_pylist()[int(found["score"].to_numpy().argmax())] == 7
    assert found["score"].to_numpy()[7] == pytest.approx(1.0, abs=0.1)


def target_of(*sizes):
    codes = np.repeat(np.arange(len(sizes)), sizes)
    return Target(codes, tuple(f"c{at}" for at in range(len(sizes))), np.zeros(len(codes), bool))


def test_classes_too_rare_to_be_judged_are_named():
    assert "3 of 3 classes have fewer than 20 labelled records" in unjudged(target_of(19, 19, 19))
    assert unjudged(target_of(20, 19, 19)) == ""
    assert unjudged(Target(np.arange(3.0), (), np.zeros(3, bool))) == ""
