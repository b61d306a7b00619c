"""A re-run gives the same digits; one forged number is refused, wherever it stands."""

import json
from pathlib import Path
from typing import Any

import pytest

from karat.core.errors import InputError
from karat.lift.certificate import Certificate
from karat.lift.design import Design
from karat.lift.procedure import prove
from karat.lift.rerun import in_words, rerun
from tests.lift._planted import perfect, records, refiner

QUICK = Design(folds=3, repeats=1, inner_folds=2, choose_by="fragile", placebos=6)


def measured(_: Certificate | None = None) -> Certificate:
    dirty, clean = records(120, wrong=0.3)
    return prove(dirty, truth=clean, refine=refiner(perfect(clean)), plan=QUICK)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("proof") / "lift.json"
    measured().save(path)
    return path


def test_same_digits(written: Path) -> None:
    assert rerun(written, measured) == []
    assert in_words([]) == "the same digits"


def forge(path: list[Any], value: Any, values: dict[str, Any]) -> dict[str, Any]:
    held: Any = values
    for name in path[:-1]:
        held = held[name]
    held[path[-1]] = value
    return values


@pytest.mark.parametrize(
    "place",
    [
        ["lift"],
        ["high"],
        ["raw", "value"],
        ["placebo", "lift"],
        ["won_back", "share"],
        ["contributions", 0, "lift"],
        ["minimal_detectable_effect"],
        ["slices", 0, "refined"],
        ["folds", 1, "scores", "refined"],
        ["folds", 0, "chosen", 0, "lift"],
        ["splits", "records"],
        ["recipe", "hash"],
    ],
)
def test_one_forged_number_is_refused(written: Path, tmp_path: Path, place: list[Any]) -> None:
    values = forge(place, 0.123456, json.loads(written.read_text(encoding="utf-8")))
    (tmp_path / "lift.json").write_text(json.dumps(values), encoding="utf-8")
    again = Certificate.load(written)
    assert rerun(tmp_path / "lift.json", lambda _: again)


def test_a_forged_verdict_is_refused_without_measuring(written: Path, tmp_path: Path) -> None:
    values = json.loads(written.read_text(encoding="utf-8")) | {"verdict": "harm"}
    (tmp_path / "lift.json").write_text(json.dumps(values), encoding="utf-8")
    found = rerun(tmp_path / "lift.json", lambda _: pytest.fail("measured"))
    assert found == ["verdict: 'worth it', not 'harm'"] or found == ["verdict: 'no effect seen', not 'harm'"]


def test_a_certificate_without_folds_is_refused(written: Path, tmp_path: Path) -> None:
    values = json.loads(written.read_text(encoding="utf-8")) | {"folds": []}
    (tmp_path / "lift.json").write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(InputError, match="folds"):
        rerun(tmp_path / "lift.json", measured)
