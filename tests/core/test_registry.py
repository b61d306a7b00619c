import importlib
import pkgutil
from dataclasses import dataclass

import pytest

from karat.core import registry
from karat.core.errors import OptionError
from karat.core.registry import units
from karat.core.unit import KINDS, Metric, Unit


def test_every_kind_has_units():
    for kind in KINDS.keys() - {"voter"}:  # votes come with the label room
        assert units(kind), f"no {kind} was found"


@pytest.mark.parametrize("room", sorted(set(registry.ROOMS.values())))
def test_a_module_that_is_not_searched_holds_no_unit(room):
    package = importlib.import_module(f"karat.{room}")
    names = {module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")}
    skipped = names - set(registry._modules(package.__name__))
    assert skipped
    for name in skipped:
        own = [value for value in vars(importlib.import_module(name)).values() if isinstance(value, type)]
        assert not [unit for unit in own if issubclass(unit, Unit) and unit.__module__ == name]


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
