"""A run that could not be judged says so in a line, before anything is fitted."""

import numpy as np
import pytest

import karat
from karat.core.errors import InputError


def test_a_class_too_rare_to_be_in_every_fold(tmp_path):
    chance = np.random.default_rng(0)
    table = {"a": chance.normal(size=100).round(3).tolist(), "y": ["no"] * 98 + ["yes"] * 2}
    path = tmp_path / "rare.csv"
    path.write_text("a,y\n" + "".join(f"{a},{y}\n" for a, y in zip(*table.values(), strict=True)))
    with pytest.raises(InputError, match="only 2 of 100 records have 'yes'"):
        karat.run(str(path), target="y", out=str(tmp_path / "run"))


def test_nothing_to_learn_from(tmp_path):
    path = tmp_path / "one.csv"
    path.write_text("y\n" + "yes\nno\n" * 50)
    with pytest.raises(InputError, match="no column to learn from"):
        karat.run(str(path), target="y", out=str(tmp_path / "run"))
