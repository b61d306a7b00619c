"""Slices, thresholds and scores of the shipped recipe, from answers made by hand."""

from time import perf_counter
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.core.schema import Column, Role, Schema
from karat.evaluate.headline import metrics_for
from karat.flow.quality_of_model import (
    MAX_VALUES,
    _importance,
    _LearnerFold,
    _of_classes,
    _scores,
    _slices,
    _threshold,
    _tried,
)

SCHEMA = Schema(
    (Column("city", Role.CATEGORY), Column("age", Role.NUMBER, "float64"), Column("z", Role.NUMBER, "float64"))
)


def test_slices_are_frequent_values_and_outer_quarters() -> None:
    cities = [f"c{k}" for k in range(MAX_VALUES + 1) for _ in range(MAX_VALUES + 1 - k)] + [None]
    size = len(cities)
    table = pa.table({"city": cities, "age": [str(k) for k in range(size)], "z": pa.nulls(size, pa.string())})
    masks = _slices(Block(np.arange(size), table, SCHEMA))
    assert [name for name in masks if name.startswith("city")] == [f"city = c{k}" for k in range(MAX_VALUES)]
    assert masks["city = c0"].sum() == MAX_VALUES + 1
    low, high = [name for name in masks if name.startswith("age")]
    assert (low, high) == ("age ≤ 5.25", "age ≥ 15.75")
    assert (masks[low].sum(), masks[high].sum()) == (6, 6)
    assert not any(name.startswith("z") for name in masks)


def on(costs: dict) -> SimpleNamespace:
    return SimpleNamespace(job=SimpleNamespace(settings=SimpleNamespace(evaluate=SimpleNamespace(costs=costs))))


TRUTH = np.array([0, 0, 1, 1])
ANSWER = np.array([[0.9, 0.1], [0.4, 0.6], [0.45, 0.55], [0.1, 0.9]])


def test_the_threshold_of_a_cost_table() -> None:
    assert _threshold(on({}), TRUTH, ANSWER, ("no", "yes")) == {}
    dear_miss = _threshold(on({"yes": {"no": 10.0}, "no": {"yes": 1.0}}), TRUTH, ANSWER, ("no", "yes"))["threshold"]
    assert (dear_miss["class"], dear_miss["false_alarm"], dear_miss["miss"]) == ("yes", 1.0, 10.0)
    assert dear_miss["probability"] <= 0.55
    assert dear_miss["cost_per_record"] == pytest.approx(0.25)  # one false alarm among four
    dear_alarm = _threshold(on({"yes": {"no": 1.0}, "no": {"yes": 10.0}}), TRUTH, ANSWER, ("no", "yes"))["threshold"]
    assert dear_alarm["probability"] > 0.6
    with pytest.raises(OptionError, match="class 'maybe' not found"):
        _threshold(on({"yes": {"maybe": 1.0}}), TRUTH, ANSWER, ("no", "yes"))


def test_figures_of_classes() -> None:
    figures = _of_classes(on({}), TRUTH, ANSWER, ("no", "yes"))
    assert figures["confusion"] == [[1, 1], [0, 2]]
    assert sum(band["n"] for band in figures["calibration"]) == 4
    assert 0 <= figures["calibration_error"] <= 1
    assert "threshold" not in figures
    three = _of_classes(on({}), np.array([0, 1, 2]), np.eye(3), ("a", "b", "c"))
    assert three == {"confusion": [[1, 0, 0], [0, 1, 0], [0, 0, 1]]}


def answered(test: list[int], answer: np.ndarray, train: np.ndarray | None = None) -> _LearnerFold:
    train = np.array([0, 1]) if train is None else train
    exact = np.column_stack([1.0 - train, train]) * 0.98 + 0.01
    return _LearnerFold("r", np.array(test), answer, train, exact, None, {}, None)


def test_scores_are_means_over_folds_with_the_gap_to_training() -> None:
    parts = [answered([0, 2], ANSWER[[0, 2]]), answered([1, 3], ANSWER[[1, 3]])]
    scores = _scores(parts, TRUTH, metrics_for("classification"), 1.0)
    auc = scores["AUC"]
    assert auc["value"] == 1.0
    assert auc["train"] == 1.0
    assert auc["gap"] == 0.0
    loss = scores["LogLoss"]
    by_fold = [-np.log([0.9, 0.55]).mean(), -np.log([0.4, 0.9]).mean()]
    assert loss["value"] == pytest.approx(np.mean(by_fold))
    assert loss["train"] == pytest.approx(-np.log(0.99))
    assert loss["gap"] == pytest.approx(loss["train"] - loss["value"])
    assert loss["low"] < loss["value"] < loss["high"]


def test_without_dense_features_no_importance_is_told() -> None:
    assert _importance(answered([0], ANSWER[:1]), None, None) == []


def test_what_a_model_reads_is_important_and_the_rest_is_not() -> None:
    dice = np.random.default_rng(0)
    features = dice.normal(0, 1, (200, 2)).astype(np.float32)
    truth = (features[:, 0] > 0).astype(int)

    def predict(x: np.ndarray) -> np.ndarray:
        yes = 1 / (1 + np.exp(-5.0 * x[:, 0]))
        return np.column_stack([1 - yes, yes])

    part = _LearnerFold(
        "r", np.arange(200), predict(features), truth, predict(features), features, {"a": [0], "b": [1]}, predict
    )
    metric = next(metric for metric in metrics_for("classification") if metric.code() == "AUC")
    report = {entry["column"]: entry for entry in _importance(part, SimpleNamespace(values=truth), metric)}
    assert report["a"]["value"] > 0.3
    assert report["b"]["value"] == 0
    assert report["a"]["low"] <= report["a"]["value"] <= report["a"]["high"]


def test_intervals_end_where_the_metric_ends() -> None:
    truth = np.array([0, 1, 0, 1, 0, 1, 1, 0])
    sure = np.array([[0.9, 0.1], [0.1, 0.9]] * 4)
    sure[6:] = sure[[7, 6]]
    sure[0] = [0.3, 0.7]
    parts = [answered([0, 1, 2, 3], sure[:4]), answered([4, 5, 6, 7], sure[4:])]
    out = _scores(parts, truth, metrics_for("classification"), 1.0)
    assert out["Accuracy"]["high"] == 1.0
    assert out["AUC"]["high"] == 1.0
    assert out["LogLoss"]["low"] >= 0.0


def tried(budget: str, spent: float) -> tuple[list[str], list[tuple[str, int]], list[str]]:
    learners = {"strong": ("", 4), "naive": ("naive", 9), "usual": ("robust", 3), "plain": ("fragile", 1)}
    recipes = [SimpleNamespace(name=k, learner=SimpleNamespace(part=p, effort=e)) for k, (p, e) in learners.items()]
    listener = SimpleNamespace(tick=lambda *_: None)
    job = SimpleNamespace(
        settings=SimpleNamespace(budget=budget), workers=1, clock=perf_counter() - spent, listener=listener
    )
    usual = recipes[2]
    whole, parts, left_out = _tried(
        recipes, [(0,), (1,)], lambda fit: SimpleNamespace(recipe=fit[0].name, fold=fit[1]), job, usual
    )
    return [recipe.name for recipe in whole], [(part.recipe, part.fold) for part in parts], left_out


def test_without_a_budget_all_learners_are_tried_in_their_order() -> None:
    names, parts, left_out = tried("", 0)
    assert names == ["strong", "naive", "usual", "plain"]
    assert parts == [(name, fold) for name in names for fold in (0, 1)]
    assert left_out == []


def test_with_a_budget_the_proof_s_learner_is_tried_first_then_the_quickest() -> None:
    names, _, left_out = tried("10m", 0)
    assert (names, left_out) == (["naive", "usual", "plain", "strong"], [])


def test_when_time_is_up_the_learner_of_the_proof_answers_one_fold() -> None:
    assert tried("60s", 61) == (["usual"], [("usual", 0)], ["naive", "plain", "strong"])
