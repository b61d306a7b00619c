"""Targets that cannot be learned as they are."""

import numpy as np
import pytest

from karat.flow.hard_targets import hard_target, joined_labels
from karat.prepare.target import Target


def target(names: list[str], each: int) -> Target:
    values = np.repeat(np.arange(len(names)), each)
    return Target(values, tuple(names), np.zeros(len(values), bool))


def test_classes_with_fewer_records_than_folds_are_said() -> None:
    line = hard_target(target([f"c{at}" for at in range(300)], 3), folds=5)
    assert line.startswith("300 of 300 classes have fewer than 5 records")
    assert hard_target(target(["a", "b", "c"], 40), folds=5) == ""
    assert hard_target(Target(np.zeros(9), (), np.zeros(9, bool)), folds=5) == ""


def test_classes_joined_from_labels_are_said() -> None:
    line = hard_target(target(["a|b", "a|c", "b|c", "a", "b", "a|b|c"], 40), folds=5)
    assert line.startswith("the 6 classes are combinations of 3 labels ('a', 'b', 'c')")


@pytest.mark.parametrize(
    "names",
    [
        ["a", "b", "c", "d", "e"],
        ["18-25", "26-35", "36-45", "46-55", "56+"],
        ["Paris, France", "Rome, Italy", "Bern, Switzerland", "Oslo, Norway", "Riga, Latvia"],
        ["yes", "no"],
    ],
)
def test_single_labels_are_left_alone(names: list[str]) -> None:
    assert joined_labels(names) == []
