"""What was foretold beside what came; other metrics and slices judged as one family."""

from dataclasses import replace

import pytest

from karat.lift.certificate import Certificate, Gain, Level
from karat.lift.forecast_check import followed_up

NOTHING = Gain(0.0, 0.0, 0.0)
STEP = {"kind": "collect", "action": "collect 100 more", "lift": 0.02, "low": 0.01, "high": 0.03, "cost": {}}


def certificate(score: float, records: int, data: str) -> Certificate:
    level = Level(score, score - 0.03, score + 0.03)
    return Certificate(
        "procedure", "AUC", level, level, level, 0.0, 0.0, 0.0, 1.0, NOTHING, NOTHING, NOTHING, 0.01, "no effect seen",
        next=(STEP,), splits={"records": records}, versions={"raw": data},
    )  # fmt: skip


def test_twice_as_many_records_count_in_full_and_half_as_many_more_by_half() -> None:
    before = certificate(0.80, 100, "a")
    (full,) = followed_up(before, certificate(0.825, 200, "b"))
    assert (full["foretold"], full["inside"]) == (0.02, True)
    assert full["came"] == pytest.approx(0.025)
    assert full["came_high"] - full["came"] == pytest.approx(0.03 * 2**0.5)
    (half,) = followed_up(before, certificate(0.82, 150, "b"))
    assert (half["foretold"], half["high"], half["inside"]) == (0.01, 0.015, False)


def test_what_was_not_done_is_not_followed_up() -> None:
    before = certificate(0.80, 100, "a")
    assert followed_up(before, certificate(0.80, 100, "a")) == ()
    assert followed_up(before, certificate(0.85, 104, "b")) == ()
    assert followed_up(before, replace(certificate(0.85, 200, "b"), metric="F1")) == ()


def test_a_persons_answers_are_followed_up_on_the_same_records() -> None:
    doubted = {"harmful": [{"row": 3, "value": 0.1}, {"row": 4, "value": 0.2}]}
    before = replace(certificate(0.80, 100, "a"), next=(STEP | {"kind": "ask", "action": "ask"},), records=doubted)
    (asked,) = followed_up(before, certificate(0.83, 100, "a"), answered={3, 4})
    assert asked["came"] == pytest.approx(0.03)
    now = replace(certificate(0.83, 100, "a"), answered=Gain(0.008, 0.002, 0.014))
    (half,) = followed_up(before, now, answered={4, 90})
    assert (half["taken"], half["foretold"], half["came"], half["inside"]) == (0.5, 0.01, 0.008, True)


def test_what_waited_is_followed_up_in_the_part_that_no_longer_waits() -> None:
    def waits(check: str, rows: int) -> dict[str, object]:
        return STEP | {"kind": "mend", "about": check, "action": f"mend {check}", "cost": {"rows": rows}}

    before = replace(certificate(0.80, 100, "a"), next=(waits("Labels", 40), waits("Cells", 10)))
    now = replace(certificate(0.83, 100, "a"), next=(waits("Labels", 20),), answered=Gain(0.03, 0.02, 0.04))
    (both,) = followed_up(before, now, answered={1})
    assert both["foretold"] == pytest.approx(0.02 / 2 + 0.02)
    assert both["high"] - both["foretold"] == pytest.approx(0.01 * (0.25 + 1) ** 0.5)
    assert both["inside"]
    assert followed_up(before, replace(now, next=before.next), answered={1}) == ()


def test_a_source_that_is_gone_and_a_slice_that_grew_are_followed_up() -> None:
    steps = tuple(
        STEP | {"kind": kind, "about": name} for kind, name in (("drop source", "s = b"), ("collect slice", "c = x"))
    )
    before = replace(
        certificate(0.80, 100, "a"), next=steps, recipe={"slices": [["s", "s = b", 30], ["c", "c = x", 20]]}
    )
    now = replace(certificate(0.82, 90, "b"), recipe={"slices": [["c", "c = x", 30]]})
    dropped, grown = followed_up(before, now)
    assert (dropped["taken"], grown["taken"]) == (1.0, 0.5)
