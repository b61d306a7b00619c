"""What to do next, from certificates written by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from karat.lift.advice import CARRIED_ERROR, USUAL_SHRINK, carried_on, chance, doubling, mended, steps
from karat.lift.certificate import Certificate, Gain, Level

NOTHING, NONE = Level(0.8, 0.7, 0.9), Gain(0.0, 0.0, 0.0)


def certificate(**more):
    plain = {
        "protocol": "procedure",
        "metric": "AUC",
        "raw": NOTHING,
        "plain": NOTHING,
        "refined": NOTHING,
        "lift": 0.0,
        "low": 0.0,
        "high": 0.0,
        "p_value": 1.0,
        "over_plain": NONE,
        "placebo": NONE,
        "over_placebo": NONE,
        "minimal_detectable_effect": 0.01,
        "verdict": "no effect seen",
    }
    return Certificate(**(plain | more))


def curve(quarter, half, full):
    return {
        "train": 80,
        "test": 20,
        "looks": {"refined": {"curve": {"0.25": quarter, "0.5": half}, "sets": {"raw": full}}},
    }


def test_the_chance_of_a_gain_is_that_of_folds_that_share_records():
    gains = np.array([0.0, 0.02, 0.04, 0.06])
    assert chance(gains, 0.25) == pytest.approx(math.sqrt(gains.var(ddof=1) * (1 / 4 + 0.25)))


def test_a_gain_is_carried_on_shrunk_and_errs_by_chance_and_by_itself():
    gains = np.array([0.01, 0.02, 0.03])
    mean, low, high = carried_on(gains, 0.5, 0.25)
    assert mean == pytest.approx(0.01)
    error = math.hypot(chance(gains, 0.25) * math.sqrt(1.25), CARRIED_ERROR * 0.02)
    reach = stats.t.ppf(0.9, 2) * error
    assert (low, high) == (pytest.approx(0.01 - reach), pytest.approx(0.01 + reach))


def test_twice_as_many_records_bring_the_mean_of_both_last_steps_shrunk():
    folds = [curve(0.70 + e, 0.76 + e, 0.79 + e) for e in (0.0, 0.01)]
    # steps of 0.06 and 0.03: half as much each time, drawn towards 0.707
    shrink = (0.5 + USUAL_SHRINK) / 2
    assert doubling(folds)[0] == pytest.approx(shrink * (0.03 + shrink * 0.06) / 2)
    rising = [curve(0.70 + e, 0.71 + e, 0.79 + e) for e in (0.0, 0.01)]
    shrink = (1.0 + USUAL_SHRINK) / 2  # a step never grows
    assert doubling(rising)[0] == pytest.approx(shrink * (0.08 + shrink * 0.01) / 2)
    fading = [curve(0.60 + e, 0.70 + e, 0.701 + e) for e in (0.0, 0.01)]
    shrink = (0.25 + USUAL_SHRINK) / 2
    assert doubling(fading)[0] == pytest.approx(shrink * (0.001 + shrink * 0.1) / 2)
    fallen = [curve(0.80 + e, 0.79 + e, 0.80 + e) for e in (0.0, 0.01)]
    assert doubling(fallen)[0] == pytest.approx(USUAL_SHRINK * (0.01 - USUAL_SHRINK * 0.01) / 2)


def test_one_curve_is_no_curve():
    assert doubling([curve(0.7, 0.75, 0.78)]) is None
    assert doubling([{"train": 80, "test": 20}] * 3) is None
    assert doubling([curve(0.7, 0.75, 0.78), {"train": 80, "test": 20}]) is None


def test_a_defect_taken_away_brings_back_what_it_costs():
    lift, low, high = mended(-0.002, 0.0005, 5, 10.0)
    assert lift == pytest.approx(0.02)
    reach = stats.t.ppf(0.9, 4) * math.hypot(0.005, CARRIED_ERROR * 0.02)
    assert (low, high) == (pytest.approx(0.02 - reach), pytest.approx(0.02 + reach))


def waiting(*scores, check="SuspectLabels", cases=8):
    return [
        {"train": 80, "test": 20, "scores": {"refined": 0.8}, "waiting": {check: {"score": score, "cases": cases}}}
        for score in scores
    ]


def test_what_waits_for_a_person_is_priced_by_its_cases():
    (step,) = [step for step in steps(certificate(folds=tuple(waiting(0.83, 0.85))), 1000) if step["kind"] == "mend"]
    assert step["lift"] == pytest.approx(0.04)
    assert step["about"] == "SuspectLabels"
    assert "the 100 cases of suspect labels that need review" in step["action"]
    assert step["cost"] == {"rows": 100, "minutes": 10.0}
    assert step["interval"] == 0.8
    gains = np.array([0.03, 0.05])
    reach = stats.t.ppf(0.9, 1) * math.hypot(chance(gains, 0.25), CARRIED_ERROR * 0.04)
    assert (step["low"], step["high"]) == (pytest.approx(0.04 - reach), pytest.approx(0.04 + reach))
    assert [step["kind"] for step in steps(certificate(folds=tuple(waiting(0.83))), 1000)] == ["stop"]


def test_a_person_fixes_only_what_is_wrong_and_so_does_no_harm():
    """Taking all proposals would harm; as many planted as are expected to be wrong cost 2 points."""
    folds = waiting(0.75, 0.77)
    for fold in folds:
        fold["waiting"]["SuspectLabels"] |= {"wrong": 4, "planted": 0.78}
    (step,) = [step for step in steps(certificate(folds=tuple(folds)), 1000) if step["kind"] == "mend"]
    assert step["lift"] == pytest.approx(0.02)
    assert step["cost"]["rows"] == 100
    assert step["action"].endswith("and fix what is wrong (about 50 are wrong)")
    for fold in folds:
        fold["waiting"]["SuspectLabels"]["planted"] = 0.81
    (step,) = [step for step in steps(certificate(folds=tuple(folds)), 1000) if step["kind"] == "mend"]
    assert (step["lift"], step["low"] < 0) == (0.0, True)


def test_steps_are_ranked_by_lift_then_by_name():
    folds = tuple({**curve(0.70 + e, 0.76 + e, 0.79 + e)} for e in (0.0, 0.01))
    parts = [
        {"slice": f"{name} < 1", "records": 30, "lift": lift, "low": 0.0, "high": 0.2}
        for name, lift in (("b", 0.05), ("a", 0.05), ("c", 0.001))
    ]
    answer = steps(certificate(folds=folds, slice_curves=tuple(parts)), 500)
    assert [(step["kind"], step["about"]) for step in answer] == [
        ("collect slice", "a < 1"), ("collect slice", "b < 1"), ("collect", ""), ("collect slice", "c < 1"),
    ]  # fmt: skip
    assert answer[2]["action"] == "collect 500 more records like these"
    assert answer[0]["cost"] == {"rows": 30}


def test_only_a_source_that_clearly_misleads_is_dropped():
    source = {"slice": "source = b", "records": 40, "lift": 0.03, "low": 0.01, "high": 0.05}
    answer = steps(certificate(sources=(source | {"clear": True}, source | {"clear": False, "slice": "c"})), 100)
    assert [(step["kind"], step["about"], step["cost"]) for step in answer] == [
        ("drop source", "source = b", {"rows": -40})
    ]


def test_repairs_are_priced_by_dose_and_response():
    doses = (
        {"defect": "wrong labels", "per_percent": -0.004, "error": 0.001, "folds": 5},
        {"defect": "newest records absent", "per_percent": -0.001, "error": 0.0005, "folds": 5},
    )
    records = {"wrong_label_rate": 0.1, "harmful": list(range(20)), "valued": 400}
    answer = {step["kind"]: step for step in steps(certificate(dose_response=doses, records=records), 400)}
    assert answer["ask"]["lift"] == pytest.approx(0.004 * 5)  # 20 of 400 can be asked about, fewer than are wrong
    assert answer["ask"]["cost"] == {"rows": 20, "minutes": 5.0}
    assert answer["refresh"]["lift"] == pytest.approx(0.01)
    assert answer["refresh"]["cost"] == {"period": 0.1}
    few = steps(certificate(dose_response=doses[:1], records=records | {"wrong_label_rate": 0.02}), 400)
    assert few[0]["lift"] == pytest.approx(0.004 * 2)
    assert [
        step["kind"]
        for step in steps(certificate(dose_response=doses[:1], records=records | {"wrong_label_rate": 0}), 9)
    ] == ["stop"]


def test_the_machine_is_priced_by_the_records_that_are_added():
    part = {"slice": "a", "records": 50, "lift": 0.05, "low": 0.0, "high": 0.2}
    source = {"slice": "b", "records": 40, "lift": 0.03, "low": 0.01, "high": 0.05, "clear": True}
    answer = {
        step["kind"]: step["cost"] for step in steps(certificate(slice_curves=(part,), sources=(source,)), 100, 600.0)
    }
    assert answer["collect slice"]["cpu_seconds_estimated"] == 900
    assert answer["drop source"]["cpu_seconds_estimated"] == 600
    assert answer["drop source"]["kwh_estimated"] == pytest.approx(600 * 15 / 3.6e6, rel=0.01)


def test_nothing_worth_seeing_says_stop():
    part = {"slice": "a", "records": 50, "lift": 0.001, "low": 0.0, "high": 0.004}
    answer = steps(certificate(slice_curves=(part,)), 100)
    assert [step["kind"] for step in answer] == ["stop", "collect slice"]
    assert (answer[0]["low"], answer[0]["high"]) == (0.0, 0.004)
    assert steps(certificate(slice_curves=(part | {"high": 0.005},)), 100)[0]["kind"] == "collect slice"
    assert steps(certificate(slice_curves=(part | {"high": 0.5, "lift": 0.0},)), 100)[0]["kind"] == "stop"
