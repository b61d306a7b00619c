"""Labels drawn by chance estimate the rest without bias, however the others were chosen."""

import numpy as np
import pytest

from karat.flow.label_audit import DOUBTFUL, FLAGGED, OTHER, SHARES, AuditPlan, wrong_left


def made(seed, count=800):
    """Labels with a doubt, which of them are wrong, and a plan in an order of chance of its own."""
    rng = np.random.default_rng(seed)
    doubt = rng.beta(0.4, 2.0, count)
    wrong = rng.random(count) < 0.2 + 0.5 * doubt * (doubt > 0.3)  # the doubt is none too good
    rows = rng.permutation(count)
    plan = AuditPlan.of(rows, doubt, doubt > 0.5)
    return plan, doubt[np.argsort(rows)], wrong[np.argsort(rows)]


def asked(plan, doubt, wrong, batches, rng):
    """Batches of 20 in doubt and 10 by chance; the doubt is learned anew for each of them."""
    known, drawn = np.zeros(len(doubt), bool), np.zeros(len(doubt), bool)
    for batch in range(1, batches + 1):
        fresh = plan.among(plan.draw(known, drawn, 10))
        now = doubt + 0.2 * known.sum() / len(doubt) * rng.normal(size=len(doubt))
        order = np.argsort(np.where(known | fresh, -np.inf, now))[::-1][:20]
        ranked = np.isin(np.arange(len(doubt)), order)
        plan = plan.reached_by(now > now[order].min(), ranked, known, batch)
        known, drawn = known | ranked | fresh, drawn | fresh
    return plan, known, drawn


def test_strata_part_the_flagged_and_half_of_the_other_doubt():
    plan = AuditPlan.of(np.array([5, 3, 8, 1]), np.array([0.9, 0.4, 0.3, 0.3]), np.array([True, False, False, False]))
    assert plan.rows.tolist() == [1, 3, 5, 8]
    assert plan.stratum.tolist() == [OTHER, DOUBTFUL, FLAGGED, OTHER]


def test_draws_keep_to_their_shares_and_go_on_where_a_stratum_is_used_up():
    plan, _, _ = made(0)
    none = np.zeros(len(plan.rows), bool)
    drawn = plan.draw(none, none, 50)
    assert len(set(drawn.tolist())) == 50
    parts = np.bincount(plan.stratum[plan.among(drawn)], minlength=3)
    assert parts == pytest.approx(50 * SHARES, abs=1)
    assert plan.draw(plan.among(drawn[:20]), plan.among(drawn[:20]), 30).tolist() == drawn[20:].tolist()
    few = AuditPlan.of(np.arange(5), np.linspace(0.1, 0.5, 5), np.arange(5) > 3)
    assert sorted(few.draw(np.zeros(5, bool), np.zeros(5, bool), 9).tolist()) == [0, 1, 2, 3, 4]


def test_the_estimate_is_unbiased_and_covers_although_the_ranking_changes():
    gaps, covered, close, covered_share = [], [], [], []
    for seed in range(120):
        plan, doubt, wrong = made(seed)
        plan, known, drawn = asked(plan, doubt, wrong, 8, np.random.default_rng(seed))
        left, share = wrong_left(plan, known, drawn, known & wrong, 8)
        truth, of_flagged = int((wrong & ~known).sum()), wrong[plan.stratum == FLAGGED].mean()
        gaps.append(left.mean - truth)
        covered.append(left.low <= truth <= left.high)
        close.append(abs(share.mean - of_flagged) <= 0.1)
        covered_share.append(share.low <= of_flagged <= share.high)
    assert abs(np.mean(gaps)) < 2.5 * np.std(gaps) / np.sqrt(len(gaps))
    assert np.mean(covered) >= 0.9
    assert np.mean(covered_share) >= 0.9
    assert np.mean(close) >= 0.8


def test_labels_that_a_ranking_has_reached_are_known_and_not_estimated():
    plan = AuditPlan.of(np.arange(6), np.array([0.9, 0.8, 0.7, 0.1, 0.1, 0.1]), np.arange(6) < 3)
    known = np.array([True, True, True, False, True, False])
    ranked = known & (plan.stratum == FLAGGED)
    plan = plan.reached_by(np.array([1, 1, 0, 0, 0, 0], bool), ranked, np.zeros(6, bool), 1)
    wrong = np.array([True, True, False, False, False, False])
    left, share = wrong_left(plan, known, known & ~ranked, wrong, 1)
    assert share == pytest.approx((2 / 3,) * 3)
    assert (left.mean, left.low) == (0, 0)
    assert 0 < left.high <= 2


def test_what_was_asked_and_not_answered_is_ranked_anew():
    plan = AuditPlan.of(np.arange(4), np.linspace(0.8, 0.2, 4), np.zeros(4, bool))
    ranked, none = np.array([True, True, False, False]), np.zeros(4, bool)
    plan = plan.reached_by(np.array([True, False, False, False]), ranked, none, 1)
    assert plan.reached.tolist() == [1, 1, 0, 0]
    done = np.array([True, False, False, False])
    plan = plan.reached_by(np.array([True, True, False, False]), np.array([False, True, True, False]), done, 2)
    assert plan.reached.tolist() == [1, 2, 2, 0]


def test_a_plan_reads_as_it_was_written(tmp_path):
    assert AuditPlan.read(tmp_path) is None
    plan, _, _ = made(1)
    plan.write(tmp_path)
    again = AuditPlan.read(tmp_path)
    for name in ("rows", "stratum", "turn", "reached"):
        assert (getattr(again, name) == getattr(plan, name)).all()
