import numpy as np
import pytest

from karat.evaluate.fairness import group_outcomes, protected, unlike


def decided(n=1_000):
    random = np.random.default_rng(0)
    group = np.arange(n) % 2 == 0
    truth = random.random(n) < 0.3
    given = np.where(group, np.where(np.arange(n) % 4 == 0, 0.9, 0.1), 0.1)
    return {"a": group, "b": ~group}, truth, given


def test_outcomes_by_hand():
    masks, truth, given = decided()
    one, two = group_outcomes(masks, truth, given, 0.5)
    assert (one.name, one.records, one.flagged, two.flagged) == ("a", 500, 0.5, 0.0)
    assert one.impact == 0.5
    assert two.impact == 1.0
    mine, yes = given >= 0.5, truth & masks["a"]
    assert one.miss == pytest.approx((~mine)[yes].mean())
    assert one.false_alarm == pytest.approx(mine[masks["a"] & ~truth].mean())
    assert [held.name for held in unlike([one, two])] == ["a"]


def test_small_groups_and_even_ones_raise_nothing():
    masks, truth, given = decided()
    masks["few"] = np.arange(1_000) < 10
    assert [held.name for held in group_outcomes(masks, truth, given, 0.5)] == ["a", "b"]
    assert unlike(group_outcomes(masks, truth, np.full(1_000, 0.1), 0.5)) == []
    assert unlike([]) == []


def test_columns_that_should_not_decide():
    kept = ["sex", "AGE", "personal_status", "foreign_worker", "Marital-Status", "性别", "年龄段", "applicant_age"]
    assert all(protected(name) for name in kept)
    assert not any(protected(name) for name in ("mortgage", "average", "package", "message", "essex", "income", "金额"))
