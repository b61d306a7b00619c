"""``--full``: defects are priced, records valued, and the next steps follow."""

import json

import jsonschema
import numpy as np
import pytest

from karat.core.schema import Role
from karat.lift.advice import doubling, steps
from karat.lift.certificate import Certificate, schema
from karat.lift.defect_injection import DEFECTS, missing_cells, newest_absent, other_units, wrong_cells, wrong_labels
from karat.lift.design import Plan
from karat.lift.procedure import prove
from tests.lift._planted import records, refiner, useless

QUICK = Plan(folds=3, repeats=1, inner_folds=2, choose_by="fragile")


@pytest.fixture(scope="module")
def proof() -> Certificate:
    _, clean = records(200)
    return prove(clean, refine=refiner(useless), plan=QUICK, full=True)


def test_doses_harm_where_they_must(proof: Certificate) -> None:
    found = {one["defect"]: one for one in proof.dose_response}
    assert "newest records absent" not in found
    assert found["wrong labels"]["per_percent"] < 0
    assert found["missing cells"]["per_percent"] < 0.0005
    assert all(len(one["doses"]) == len(one["lift"]) == 4 for one in found.values())


def test_the_next_steps_are_ranked_and_priced(proof: Certificate) -> None:
    jsonschema.validate(json.loads(json.dumps(proof.to_json(), allow_nan=False)), schema())
    assert proof.next
    asked = next(one for one in proof.next if "person" in one["action"])
    assert (asked["cost"]["rows"], asked["cost"]["minutes"]) == (20, 5.0)
    assert all(one["cost"]["cpu_seconds_estimated"] > 0 for one in proof.next if one["kind"] != "stop")
    lifts = [one["lift"] for one in proof.next if not one["action"].startswith("stop")]
    assert lifts == sorted(lifts, reverse=True)


@pytest.mark.parametrize("inject", [wrong_cells, wrong_labels, missing_cells, other_units])
def test_a_dose_is_what_it_says(inject: object) -> None:
    block, _ = records(400)
    made = inject(block, 0.2, np.random.default_rng(0))  # type: ignore[operator]
    target = inject is wrong_labels
    names = [
        c.name
        for c in block.schema
        if (c.role is Role.TARGET) == target and (inject is not other_units or c.role is Role.NUMBER)
    ]
    for name in names:
        share = np.mean(
            [a != b for a, b in zip(block.text(name).to_pylist(), made.text(name).to_pylist(), strict=True)]
        )
        assert 0.05 < share <= 0.2


def test_without_a_time_there_is_nothing_to_refresh() -> None:
    assert newest_absent(records(50)[0], 0.2, np.random.default_rng(0)) is None
    assert len({name for _, name, _ in DEFECTS}) == len(DEFECTS)


def curve(quarter: float, half: float, full: float) -> dict[str, object]:
    look = {"curve": {"0.25": quarter, "0.5": half}, "sets": {"raw": full}}
    return {"train": 80, "test": 20, "looks": {"refined": look}}


def test_a_learning_curve_is_carried_on() -> None:
    rng = np.random.default_rng(0)
    noisy = [curve(0.70 + e, 0.75 + e + rng.normal(0, 0.002), 0.785 + e) for e in rng.normal(0, 0.01, 5)]
    found = doubling(noisy)
    assert found is not None
    assert found[0] == pytest.approx(0.035 * 0.7, abs=0.005)
    assert found[1] < found[0] < found[2]
    assert doubling([{"train": 80, "test": 20}]) is None


def test_a_flat_curve_says_stop(proof: Certificate) -> None:
    from dataclasses import replace

    flat = [curve(0.8, 0.8, 0.8 + e) for e in (0.0001, -0.0002, 0.0, 0.0001, -0.0001)]
    made = replace(
        proof, folds=tuple(flat), dose_response=(), slice_curves=(), records={}, minimal_detectable_effect=0.01
    )
    assert steps(made, 100)[0]["action"].startswith("stop")
