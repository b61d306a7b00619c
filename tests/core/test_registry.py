from dataclasses import dataclass

import pytest

from karat.core import registry
from karat.core.errors import OptionError
from karat.core.registry import units
from karat.core.unit import KINDS, Metric


def test_every_kind_has_units():
    for kind in KINDS.keys() - {"voter"}:  # votes come with the label room
        assert units(kind), f"no {kind} was found"


def test_an_unknown_kind_names_the_nearest():
    with pytest.raises(OptionError, match="Did you mean 'check'"):
        units("chek")


def test_two_units_with_one_code_are_refused():
    @dataclass(frozen=True)
    class Same(Metric):
        def score(self, truth, answer):
            return 0.0

    other = dataclass(frozen=True)(type("Same", (Metric,), {"score": lambda self, truth, answer: 1.0}))
    found = {}
    registry._add(found, Same, "metric")
    with pytest.raises(OptionError, match="two units are named"):
        registry._add(found, other, "metric")


@pytest.mark.parametrize(
    ("metric", "error"), [("MAE", True), ("LogLoss", True), ("R2", False), ("val_rmse", True), ("bleu", False)]
)
def test_an_error_is_told_by_the_unit_or_by_its_name(metric, error):
    assert registry.is_error(metric) is error
    level = {"value": -2.0, "low": None, "lift": -0.5}
    assert registry.as_metric(level, metric, "value", "low") == level | {"value": 2.0 if error else -2.0}
