"""The certificate's figures from folds written by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from karat.lift.effect import DRAW_SHARE
from karat.lift.verdict import (
    adjusted,
    answered,
    arm,
    by_metric,
    by_slice,
    contributions,
    detectable,
    difference,
    figures,
    gap,
    headline,
    level,
    lifted,
    planning,
    ratio_of,
    robustness,
    won_back,
)

LIFTS = (0.02, 0.04, 0.06, 0.04)


def fold(lift, at=0, **more):
    scores = {"raw": 0.80, "refined": 0.80 + lift, "plain": 0.81, "placebo": [0.79 + at / 1000, 0.81]}
    return {"train": 80, "test": 20, "scores": scores} | more


FOLDS = [fold(lift, at) for at, lift in enumerate(LIFTS)]


def reach(values, ratio=0.25):
    values = np.asarray(values)
    return stats.t.ppf(0.975, len(values) - 1) * math.sqrt((1 / len(values) + ratio) * values.var(ddof=1))


def test_records_that_test_per_record_that_trains():
    assert ratio_of(FOLDS) == 0.25
    assert ratio_of([fold(0) | {"train": 40}, fold(0)]) == pytest.approx((0.5 + 0.25) / 2)
    # of redrawn samples the spread itself is the error: 1 / n and this make one
    assert ratio_of([fold(0) | {"redrawn": True}] * 4) == 0.75


def test_an_arm_of_several_draws_is_their_mean():
    assert arm(FOLDS, "placebo").tolist() == pytest.approx([0.8, 0.8005, 0.801, 0.8015])
    assert arm(FOLDS, "raw").tolist() == [0.8] * 4


def test_a_difference_is_paired_fold_by_fold():
    interval = difference(FOLDS, "refined", "raw")
    assert interval.mean == pytest.approx(0.04)
    assert interval.high - interval.mean == pytest.approx(reach(LIFTS))


def test_a_level_ends_at_one_where_no_score_is_above_it():
    wide = level([fold(0.1), fold(0.19)], "refined")
    assert (wide.value, wide.high) == (pytest.approx(0.945), 1.0)
    assert wide.low < 0.9
    assert level([fold(0.1), fold(0.3)], "refined").high > 1


def test_the_headline_figures():
    out = headline(FOLDS)
    assert out["lift"] == pytest.approx(0.04)
    assert (out["low"], out["high"]) == (pytest.approx(0.04 - reach(LIFTS)), pytest.approx(0.04 + reach(LIFTS)))
    assert out["over_plain"].lift == pytest.approx(0.03)
    assert out["placebo"].n == 8
    assert out["placebo"].lift == pytest.approx(0.00075)
    assert out["over_placebo"].lift == pytest.approx(0.03925)
    assert out["verdict"] == "worth it"
    assert out["raw"].value == pytest.approx(0.8)
    assert "refined_mended_test" not in out
    assert "answered" not in out
    assert "clean" not in out


def test_the_narrower_interval_counts_and_several_draws_are_a_range():
    spread = {"records": 1e-6, "draws": 0.0}
    folds = [fold(lift, at, repeat=0, spread=spread) for at, lift in enumerate(LIFTS)]
    out = headline(folds)
    # with two draws Student's t is wide: the folds' own interval is kept
    assert out["high"] - out["lift"] == pytest.approx(reach(LIFTS))
    many = [f | {"scores": f["scores"] | {"placebo": [0.799, 0.8, 0.801] * 10}} for f in folds]
    draws = np.tile([-0.001, 0, 0.001], 10)
    error = math.sqrt(1e-6 / 4 + DRAW_SHARE * draws.var(ddof=1))
    assert lifted(many).error == pytest.approx(error)
    seen = headline(many)
    assert seen["high"] - seen["lift"] == pytest.approx(stats.t.ppf(0.975, 29) * error)
    assert seen["placebo"].n == 30
    assert seen["placebo"].high == pytest.approx(stats.t.ppf(0.975, 29) * math.sqrt(1 + 1 / 30) * draws.std(ddof=1))
    assert seen["over_placebo"].low == pytest.approx(seen["lift"] - seen["placebo"].high)
    assert seen["minimal_detectable_effect"] < out["minimal_detectable_effect"]


def test_only_what_beats_the_placebo_is_worth_it():
    folds = [{**one, "scores": one["scores"] | {"placebo": [one["scores"]["refined"]]}} for one in FOLDS]
    assert headline(folds)["verdict"] == "no effect seen"
    assert headline([fold(-lift, at) for at, lift in enumerate(LIFTS)])["verdict"] == "harm"


def test_what_could_be_seen_comes_from_the_lift_else_the_placebo_else_nudged_scores():
    lift, placebo = difference(FOLDS, "refined", "raw"), difference(FOLDS, "placebo", "raw")
    powered = stats.t.ppf(0.975, 3) + stats.t.ppf(0.9, 3)
    assert detectable(FOLDS, lift, placebo) == pytest.approx(powered * lift.error)
    nothing = difference(FOLDS, "raw", "raw")
    assert detectable(FOLDS, nothing, placebo) == pytest.approx(powered * placebo.error)
    assert detectable(FOLDS, nothing, nothing) == 0
    nudged = [one | {"nudged": 0.8 + moved} for one, moved in zip(FOLDS, LIFTS, strict=True)]
    assert detectable(nudged, nothing, nothing) == pytest.approx(powered * lift.error)
    assert detectable([*nudged[:3], FOLDS[3]], nothing, nothing) == 0


def test_answers_of_people_were_worth_what_is_lost_without_them():
    folds = [{**one, "scores": one["scores"] | {"unanswered": one["scores"]["refined"] - 0.01}} for one in FOLDS]
    assert answered(folds).lift == pytest.approx(0.01)
    assert answered([folds[0], folds[1], FOLDS[2], FOLDS[3]]).lift == pytest.approx(0.005)
    assert headline(folds)["answered"].lift == pytest.approx(0.01)


def test_the_share_won_back_of_what_is_lost():
    folds = [{**one, "scores": one["scores"] | {"clean": 0.88}} for one in FOLDS]
    share = won_back(folds)
    assert share.share == pytest.approx(0.5)
    assert share.low < 0.5 < share.high
    assert headline(folds)["clean"].value == pytest.approx(0.88)
    nothing = [{**one, "scores": one["scores"] | {"clean": 0.80}} for one in FOLDS]
    assert (won_back(nothing).share, won_back(nothing).low, won_back(nothing).high) == (0.0, None, None)


def shared(at, **shares):
    return fold(0.0, at, shares=shares, chosen=[{"family": name, "kept": True} for name in shares])


def test_contributions_are_ranked_judged_and_adjusted_together():
    folds = [shared(at, good=0.05 + at / 1000, bad=-0.05 - at / 1000, idle=0.001 * (-1) ** at) for at in range(4)]
    good, idle, bad = contributions(folds)
    assert [(part.family, part.verdict, part.shipped) for part in (good, idle, bad)] == [
        ("good", "keep", 1.0), ("idle", "no effect", 1.0), ("bad", "harm", 1.0),
    ]  # fmt: skip
    assert good.lift == pytest.approx(0.0515)
    assert idle.p_value == pytest.approx(1.0)
    plain = contributions([shared(at, good=0.05 + at / 1000) for at in range(4)])[0]
    assert good.p_value == pytest.approx(3 * plain.p_value)


def test_what_validation_seldom_kept_is_left_out_and_a_fold_without_it_counts_nothing():
    folds = [shared(at, a=0.01) for at in range(4)]
    folds[3]["shares"] = {}
    assert contributions(folds)[0].lift == pytest.approx(0.0075)
    for at in range(3):
        folds[at]["chosen"][0]["kept"] = at == 0
    part = contributions(folds[:3])[0]
    assert (part.shipped, part.verdict) == (pytest.approx(1 / 3), "left out")
    folds[1]["chosen"][0]["kept"] = True
    folds[2]["chosen"] = []
    assert contributions(folds[:3])[0].verdict == "keep"
    for one in folds:
        one["chosen"] = []
    assert contributions(folds[:3])[0].shipped == 1.0
    assert contributions(folds[:1]) == ()
    assert contributions(FOLDS) == ()


def test_the_gap_is_what_training_records_score_beyond_held_out_ones():
    folds = [one | {"train_scores": {"raw": 0.95, "refined": 0.9}} for one in FOLDS]
    gaps = gap(folds)
    assert gaps["before"]["value"] == pytest.approx(0.15)
    assert gaps["after"]["value"] == pytest.approx(0.06)
    assert gaps["after"]["train"] == pytest.approx(0.9)


def look(raw, refined):
    return {
        "looks": {
            "raw": {"sets": {"raw": 0.8, "mended": 0.8, "spoiled noise": 0.8 - raw}},
            "refined": {"sets": {"raw": 0.9, "spoiled noise": 0.9 - refined}},
        }
    }


def test_robustness_is_how_far_scores_fall():
    (entry,) = robustness([*(one | look(0.2, 0.1) for one in FOLDS[:3]), FOLDS[3]])
    assert entry["test"] == "noise"
    assert (entry["fall_before"], entry["fall_after"], entry["lift"]) == (
        pytest.approx(0.2), pytest.approx(0.1), pytest.approx(0.1),
    )  # fmt: skip
    assert robustness([FOLDS[0] | look(0.2, 0.1), FOLDS[1]]) == ()


def test_slices_are_told_where_they_were_measured_often_enough():
    named = [("c", "c = a", 100), ("c", "c = b", 24), ("c", "c = d", 25)]
    folds = [
        one | {"slices": {"raw": [0.7, 0.6, None if at < 3 else 0.5], "refined": [0.72, 0.6, 0.5]}}
        for at, one in enumerate(FOLDS)
    ]
    (entry,) = by_slice(folds, named)
    assert (entry["slice"], entry["records"], entry["lift"]) == ("c = a", 100, pytest.approx(0.02))
    folds[0]["slices"]["raw"][2] = 0.5
    assert [entry["slice"] for entry in by_slice(folds, named)] == ["c = d", "c = a"]  # the worst first


@pytest.mark.parametrize(("folds", "measured", "told"), [(4, 1, 0), (4, 2, 1), (2, 2, 1), (6, 2, 0), (6, 3, 1)])
def test_a_slice_is_told_where_half_of_the_folds_measured_it(folds, measured, told):
    scores = [{"raw": [0.7 if at < measured else None], "refined": [0.72]} for at in range(folds)]
    entries = by_slice([fold(0.02, at, slices=slices) for at, slices in enumerate(scores)], [("c", "c = a", 100)])
    assert len(entries) == told


def test_other_metrics_are_told_by_name():
    folds = [
        one
        | {
            "metrics": {
                "raw": {"F1": 0.5, "Brier": -0.2, "KS": math.nan},
                "refined": {"F1": 0.6, "Brier": -0.3, "KS": 0.1},
            }
        }
        for one in FOLDS
    ]
    entries = by_metric(folds)
    assert [(entry["metric"], entry["lift"]) for entry in entries] == [
        ("Brier", pytest.approx(-0.1)),
        ("F1", pytest.approx(0.1)),
    ]
    assert by_metric(FOLDS) == ()


def test_slices_and_metrics_are_one_family():
    entry = {"p_value": 0.03, "lift": 0.1}
    assert adjusted((entry,), ())[0][0]["verdict"] == "better"
    slices, metrics = adjusted((entry,), (entry | {"lift": -0.1}, {"p_value": 0.01, "lift": -0.1}))
    assert [part["p_value"] for part in slices] == [0.06]
    assert [part["verdict"] for part in metrics] == ["no effect", "worse"]
    assert adjusted((entry | {"p_value": 0.05},))[0][0]["verdict"] == "better"


def test_all_figures_follow_where_the_folds_have_them():
    assert "gap" not in figures(FOLDS)
    folds = [
        one | look(0.2, 0.1) | {
            "train_scores": {"raw": 0.95, "refined": 0.9},
            "slices": {"raw": [0.7], "refined": [0.75]},
            "metrics": {"raw": {"F1": 0.5}, "refined": {"F1": 0.6}},
        }
        for one in FOLDS
    ]  # fmt: skip
    out = figures(folds, [("c", "c = a", 100)])
    assert out["slices"][0]["verdict"] == out["metrics"][0]["verdict"] == "better"
    assert {"gap", "robustness", "contributions", "lift"} <= set(out)


def test_how_many_records_would_show_a_point():
    seen = detectable(FOLDS, difference(FOLDS, "refined", "raw"), difference(FOLDS, "placebo", "raw"))
    assert planning(FOLDS, 100) == {"effect": 0.01, "records": math.ceil(100 * (seen / 0.01) ** 2)}
    same = [{**one, "scores": one["scores"] | {"refined": 0.8, "placebo": [0.8]}} for one in FOLDS]
    assert planning(same, 100, 0.02) == {"effect": 0.02, "records": 100}
