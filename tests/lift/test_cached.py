"""A certificate after one more fix fits only what that fix changed, and gives the digits of a fresh one."""

from pathlib import Path
from typing import Any

import pytest

from karat.flow.folder import RunFolder
from karat.lift.certificate import Certificate, differences
from karat.lift.design import Design
from karat.lift.procedure import prove
from karat.lift.recipe import Recipe, Scores
from tests.lift._planted import perfect, records, refiner, useless

PLAN = Design(folds=3, repeats=1, inner_folds=2, choose_by="fragile", share_by="fragile", placebos=3)


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The learners fitted, as they are fitted."""
    seen: list[str] = []
    whole = Recipe.fit

    def counted(self: Recipe, arm: Any, learner: str) -> Any:
        seen.append(learner)
        return whole(self, arm, learner)

    monkeypatch.setattr(Recipe, "fit", counted)
    return seen


def test_one_more_fix_costs_only_what_it_changes(tmp_path: Path, fits: list[str]) -> None:
    dirty, clean = records(100, wrong=0.3)

    def proved(cache: Path | None, *families: Any) -> tuple[Certificate, int]:
        fits.clear()
        refine = refiner(*families)
        refine.key = len(families)  # type: ignore[attr-defined]  # what a proof tells ways of refining apart by
        made = prove(dirty, truth=clean, refine=refine, plan=PLAN, cache=cache)
        return made, len(fits)

    _, first = proved(tmp_path, perfect(clean))
    same, again = proved(tmp_path, perfect(clean))
    more, added = proved(tmp_path, perfect(clean), useless)
    fresh, whole = proved(None, perfect(clean), useless)
    assert again == 0
    assert added < 0.7 * whole
    assert first > 0
    assert differences(more.to_json(), fresh.to_json()) == []
    assert same.lift != 0


def test_scores_outlive_another_run_into_the_folder_and_old_ones_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = RunFolder.open(tmp_path, "a" * 64).path / ".work" / "scores"
    held = Scores(place)
    assert [held.get([n], lambda n=n: n) for n in range(5)] == list(range(5))  # type: ignore[misc]
    RunFolder.open(tmp_path, "b" * 64)
    assert len(list(place.iterdir())) == 5
    monkeypatch.setattr("karat.lift.recipe.MOST_KEPT", 2)
    held.tidy()
    assert len(list(place.iterdir())) == 2
