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
