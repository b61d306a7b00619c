import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.core.state import freeze, thaw
from karat.quality.accuracy.label_in_text import LabelInText

NAMES = ("refund", "delivery", "praise")
WORDS = "parcel came late money back box broken good fast kind never asked street again".split()  # noqa: SIM905


def told(form, rate=0.2, names=NAMES, size=600):
    chance = np.random.default_rng(8)
    labels = chance.choice(names, size).tolist()
    texts = [" ".join(chance.choice(WORDS, 12).tolist()) for _ in labels]
    texts = [form.format(t=t, y=y) if chance.random() < rate else t for t, y in zip(texts, labels, strict=True)]
    schema = Schema((Column("t", Role.TEXT), Column("y", Role.TARGET)), task="classification")
    block, check = Block(np.arange(size), pa.table({"t": texts, "y": labels}), schema), LabelInText()
    return check.conclude(thaw(freeze(check.learn(block))), schema).to_pylist()


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("{t} [{y}]", NAMES),
        ("{t}\nlabel: {y}", NAMES),
        ("{y} | {t}", NAMES),
        ("#{y} {t}", NAMES),
        ("__label__{y} {t}", NAMES),
        ("{t}【类别：{y}】", ("退款", "物流", "好评")),
        ("rating={y}; {t}", ("1", "2", "3")),
    ],
)
def test_every_class_is_given_away(form, names):
    found = [one for one in told(form, names=names) if one["confidence"] >= 0.8]
    assert {name for name in names if any(f"class {name!r}" in one["message"] for one in found)} == set(names)


def test_a_name_in_running_words_is_less_sure():
    found = told("{t} and so {y} it is {t}")
    assert {one["value"] for one in found} == set(NAMES)
    assert {one["confidence"] for one in found} == {0.6}


def test_honest_words_and_marks_of_all_classes_are_no_answer():
    assert not told("{t}", rate=0)
    assert not told("Re: {t} [urgent] rating: 5")


def test_a_name_that_other_classes_use_is_honest():
    assert not [one for one in told("{t} refund", rate=0.3) if one["confidence"] >= 0.5]
