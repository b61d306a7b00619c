import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.finding import DoesNotApply
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy.confused_classes import ConfusedClasses

NAMES = ["猫", "dog", "wolf"]


def concluded(mixed, classes=3, one_way=False):
    """What is told of classes of which the last two are mistaken for each other so often."""
    rng = np.random.default_rng(0)
    given = np.repeat(np.arange(classes), 200)
    said = given.copy()
    swap = (given >= 1) & (rng.random(len(given)) < mixed)
    if one_way:
        swap &= given == 1
    said[swap] = np.where(given[swap] == 1, classes - 1, 1)
    expected = np.full((len(given), classes), 0.1 / classes)
    expected[np.arange(len(given)), said] += 0.9
    schema = Schema((Column("y", Role.TARGET, "string"),), task="classification")
    extra = {"out_of_fold": expected, "classes": NAMES[:classes]}
    block = Block(np.arange(len(given)), pa.table({"y": [NAMES[at] for at in given]}), schema, extra)
    check = ConfusedClasses()
    return check.conclude(check.learn(block), schema).to_pylist()


def test_two_classes_that_are_one():
    (told,) = concluded(0.5)
    assert told["row"] is None
    assert told["column"] == "y"
    assert "'dog'" in told["message"]
    assert "'wolf'" in told["message"]
    assert told["confidence"] > 0.9


@pytest.mark.parametrize("mixed", [0.0, 0.2])
def test_classes_that_are_told_apart(mixed):
    assert concluded(mixed) == []


def test_mistaken_one_way_only_is_an_imbalance():
    assert concluded(0.6, one_way=True) == []


def test_numbers_and_no_target_do_not_apply():
    number = Schema((Column("y", Role.TARGET, "float64"),), task="regression")
    assert isinstance(ConfusedClasses().applies(number), DoesNotApply)
    assert isinstance(ConfusedClasses().applies(Schema((Column("x", Role.NUMBER, "float64"),))), DoesNotApply)
