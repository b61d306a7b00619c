"""Figures of rankings from folds written by hand."""

import numpy as np
import pytest
from scipy import stats

from karat.lift.ranking_verdict import difference, figures, is_ranking


def fold(raw, refined, users=None, **more):
    """A split with the sums of each cluster of users."""
    raw, refined = np.asarray(raw, float), np.asarray(refined, float)
    users = np.ones(len(raw)) if users is None else np.asarray(users)
    mean = float(raw.sum() / users.sum())
    return {
        "scores": {"raw": mean, "plain": mean, "refined": float(refined.sum() / users.sum()), "placebo": [mean]},
        "nudged": mean,
        "users": users.tolist(),
        "sums": {"raw": raw.tolist(), "plain": raw.tolist(), "refined": refined.tolist(), "placebo": raw.tolist()},
        "shares": {},
        "chosen": [],
        "slices": {},
    } | more


CHANCE = np.random.default_rng(0)
RAW, REFINED = CHANCE.random(100) * 0.5, CHANCE.random(100) * 0.5 + 0.2


def test_folds_of_a_ranking_are_known_by_their_users():
    assert is_ranking([fold([1], [1])])
    assert not is_ranking([{"train": 1}])
    assert not is_ranking([])


def test_a_mean_is_over_users_and_not_over_clusters():
    interval = difference([fold([1.0, 2.0], [2.0, 4.0], users=[1, 9])], "refined", "raw")
    assert interval.mean == pytest.approx(3 / 10)


def test_the_error_is_that_of_clusters_of_users():
    users = np.array([1, 2, 3, 0])
    interval = difference([fold([0, 0, 0, 0], [1.0, 1.0, 3.0, 0.0], users=users)], "refined", "raw")
    off = np.array([1.0, 1.0, 3.0]) - 5 / 6 * users[:3]  # nobody is in the last cluster
    error = np.sqrt(3 / 2 * (off**2).sum()) / 6
    assert interval.error == pytest.approx(error)
    assert interval.degrees == 2
    assert interval.high - interval.mean == pytest.approx(stats.t.ppf(0.975, 2) * error)


def test_two_splits_with_the_same_users_say_no_more_than_one():
    one, two = figures([fold(RAW, REFINED)]), figures([fold(RAW, REFINED)] * 2)
    assert one["low"] == pytest.approx(two["low"])
    spread = (REFINED - RAW).std(ddof=1) / 10
    assert one["high"] - one["lift"] == pytest.approx(stats.t.ppf(0.975, 99) * spread)


def test_the_wobble_of_the_fits_widens_a_difference_and_not_a_level():
    calm, moved = fold(RAW, REFINED), fold(RAW, REFINED)
    moved["nudged"] = moved["scores"]["raw"] + 0.1
    wide, narrow = difference([moved] * 4, "refined", "raw"), difference([calm] * 4, "refined", "raw")
    assert wide.error == pytest.approx(np.hypot(narrow.error, 0.1 / 2))
    assert figures([moved])["raw"] == figures([calm])["raw"]
    assert difference([moved], "raw", "raw").error == 0  # nothing changed is exactly nothing


def test_where_nothing_changed_the_wobble_says_what_could_be_seen():
    moved = fold(RAW, RAW)
    moved["nudged"] = moved["scores"]["raw"] + 0.1
    out = figures([moved] * 4)
    assert (out["lift"], out["low"], out["high"], out["verdict"]) == (0, 0, 0, "nothing changed")
    assert out["minimal_detectable_effect"] == pytest.approx(0.05 * (stats.t.ppf(0.975, 99) + stats.t.ppf(0.9, 99)))
    assert figures([fold(RAW, RAW)])["minimal_detectable_effect"] == 0


def test_one_cluster_bounds_nothing():
    out = figures([fold([0.5, 0.0], [0.6, 0.0], users=[1, 0])])
    assert (out["lift"], out["low"], out["high"], out["p_value"]) == (pytest.approx(0.1), -1.0, 1.0, 1.0)
    assert out["verdict"] == "no effect seen"


def test_levels_stay_within_nought_and_one():
    out = figures([fold([0.0, 1.0, 0.0], [1.0, 0.0, 1.0])])
    assert out["raw"].low == 0.0
    assert out["refined"].high == 1.0
    assert out["placebo"].n == 1
    assert figures([fold(RAW, REFINED)])["verdict"] == "worth it"


def shared(shares, kept=True):
    return fold(RAW, REFINED, shares=shares, chosen=[{"family": name, "kept": kept} for name in shares])


def test_contributions_are_ranked_and_judged():
    good, idle = np.full(100, 0.2) + CHANCE.random(100) / 10, CHANCE.random(100) - 0.5
    parts = {
        part.family: part
        for part in figures([shared({"good": good, "bad": -good, "idle": idle - idle.mean()})])["contributions"]
    }
    assert list(parts) == ["good", "idle", "bad"]
    assert [part.verdict for part in parts.values()] == ["keep", "no effect", "harm"]
    assert parts["good"].lift == pytest.approx(good.mean())
    assert figures([shared({"good": good}, kept=False)])["contributions"][0].verdict == "left out"
    half = figures([shared({"good": good}), shared({})])["contributions"][0]
    assert half.lift == pytest.approx(good.mean() / 2)


def test_kinds_of_users_are_told_worst_first():
    def part(raw, refined):
        return {"n": [1] * 20, "raw": raw, "refined": refined}

    low, high = CHANCE.random(20) * 0.1, CHANCE.random(20) * 0.1 + 0.5
    folds = [fold(RAW, REFINED, slices={"new": part(low, low + 0.3), "old": part(high, high)}) for _ in range(2)]
    new, old = figures(folds)["slices"]
    assert (new["slice"], new["records"], new["verdict"]) == ("new", 40, "better")
    assert new["raw"] == pytest.approx(low.mean())
    assert new["lift"] == pytest.approx(0.3)
    assert (old["slice"], old["verdict"], old["lift"]) == ("old", "no effect", 0)
    worse = figures([fold(RAW, REFINED, slices={"new": part(high, high - 0.3)})])["slices"][0]
    assert worse["verdict"] == "worse"
