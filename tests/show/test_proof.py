"""The proof in words that a person without statistics reads right."""

import pytest

from karat.show.proof import duration, proof

LIFT = {
    "lift": 0.01,
    "low": 0.0,
    "high": 0.02,
    "verdict": "no effect seen",
    "raw": {"value": 0.8, "low": 0.7, "high": 0.9},
}


@pytest.mark.parametrize(("seconds", "words"), [(42, "42 s"), (150, "2 min"), (5_400, "2 h"), (80, "80 s")])
def test_times_in_the_unit_people_say(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_step_is_priced_in_words() -> None:
    cost = {"rows": 1_200, "minutes": 120.0, "cpu_seconds_estimated": 300, "kwh_estimated": 0.0012}
    step = {"kind": "mend", "action": "look at them", "lift": 0.01, "low": 0.0, "high": 0.02, "cost": cost}
    gone = step | {"kind": "drop source", "cost": {"rows": -30}}
    made = proof(LIFT | {"next": [step, gone]})
    assert made is not None
    first, second = (one["price"] for one in made["next"])
    assert (
        first
        == "1,200 records · about 2 h of a person's time · about 5 min of a processor core and 0.0012 kWh (estimated)"
    )
    assert second == "30 records fewer"


def test_an_error_is_a_positive_number_and_lower_is_better() -> None:
    level = {"value": -3.0, "low": -4.0, "high": -2.0}
    slices = [{"slice": "age < 25", "records": 9, "raw": -5.0, "refined": -4.5, "lift": 0.5}]
    metrics = [
        {"metric": "R2", "raw": -0.1, "refined": 0.2, "lift": 0.3, "verdict": "keep"},
        {"metric": "MSE", "raw": -9.0, "refined": -8.0, "lift": 1.0, "verdict": "keep"},
    ]
    made = proof(LIFT | {"metric": "MAE", "raw": level, "slices": slices, "metrics": metrics})
    assert made is not None
    assert made["metric"] == "MAE, where lower is better"
    assert [made["arms"][0][key] for key in ("low", "value", "high")] == [2.0, 3.0, 4.0]
    assert (made["slices"][0]["raw"], made["slices"][0]["lift"]) == (5.0, 0.5)
    assert [(m["metric"], m["raw"], m["lift"]) for m in made["metrics"]] == [("R2", -0.1, 0.3), ("MSE ↓", 9.0, 1.0)]
