"""One fit is timed, and compared with what it was estimated to take."""

from time import sleep

from karat.lift import pace as module
from karat.lift.pace import pace
from karat.lift.recipe import Recipe
from tests.lift._planted import records


def test_a_slow_machine_is_measured(monkeypatch) -> None:
    block, _ = records(300)
    usual = pace(block)
    assert 1 <= usual < 50
    fit = Recipe.fit

    def slowly(self, *asked):
        sleep(1)
        return fit(self, *asked)

    monkeypatch.setattr(Recipe, "fit", slowly)
    assert pace(block) > 1 / 0.09


def test_of_many_records_a_few_are_timed(monkeypatch) -> None:
    block, _ = records(300)
    sizes = []
    fit = Recipe.fit

    def noted(self, arm, learner):
        sizes.append(len(arm.positions))
        return fit(self, arm, learner)

    monkeypatch.setattr(module, "MOST_TIMED", 100)
    monkeypatch.setattr(Recipe, "fit", noted)
    pace(block)
    assert sizes == [100, 100]
