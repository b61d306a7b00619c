"""``--full``: defects are priced, records valued, and the next steps follow."""

import json

import jsonschema
import pytest

from karat.lift.advice import steps
from karat.lift.certificate import Certificate, schema
from karat.lift.defect_injection import DEFECTS
from karat.lift.design import Design
from karat.lift.procedure import prove
from tests.lift._planted import records, refiner, useless

QUICK = Design(folds=3, repeats=1, inner_folds=2, choose_by="fragile", placebos=6)


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


def test_every_defect_has_a_name_of_its_own() -> None:
    assert len({name for _, name, _ in DEFECTS}) == len(DEFECTS)


def curve(quarter: float, half: float, full: float) -> dict[str, object]:
    look = {"curve": {"0.25": quarter, "0.5": half}, "sets": {"raw": full}}
    return {"train": 80, "test": 20, "looks": {"refined": look}}


def test_a_flat_curve_says_stop(proof: Certificate) -> None:
    from dataclasses import replace

    flat = [curve(0.8, 0.8, 0.8 + e) for e in (0.0001, -0.0002, 0.0, 0.0001, -0.0001)]
    made = replace(
        proof, folds=tuple(flat), dose_response=(), slice_curves=(), records={}, minimal_detectable_effect=0.01
    )
    assert steps(made, 100)[0]["action"].startswith("stop")
