"""The model's quality for a reader, from an evaluation made by hand."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from karat.show.model import MAX_CLASSES, MAX_FEATURES, MAX_SLICES, model_quality
from karat.show.run_files import Facts

AUC = {"value": 0.75, "low": 0.7, "high": 0.8, "train": 0.85, "gap": 0.1}
LOSS = {"value": 0.5, "low": None, "high": None, "train": None, "gap": None}


def shown(**more: Any) -> dict[str, Any]:
    evaluation = {"learners": {"naive": {"LogLoss": LOSS}, "boosted_trees": {"AUC": AUC, "LogLoss": LOSS}}}
    evaluation |= {"headline": "boosted_trees"} | more
    quality = model_quality(SimpleNamespace(evaluation=evaluation))
    assert quality is not None
    return quality


def test_nothing_is_shown_without_an_evaluation(clean_run: Path) -> None:
    assert model_quality(Facts(clean_run)) is None
    assert model_quality(SimpleNamespace(evaluation={"learners": {}})) is None


def test_the_lead_stands_first_and_every_metric_has_a_column() -> None:
    quality = shown()
    assert quality["metrics"] == [{"name": "Log loss", "lower": True}, {"name": "AUC", "lower": False}]
    assert [(learner["name"], learner["lead"]) for learner in quality["learners"]] == [
        ("Boosted trees", True),
        ("Naive", False),
    ]
    assert quality["learners"][1]["scores"] == [LOSS, None]
    assert quality["gaps"] == [{"name": "AUC", "train": 0.85, "value": 0.75, "gap": 0.1}]
    assert quality["confusion"] is None
    assert quality["monotone"] == ""
    assert quality["importance"] == quality["slices"] == []


def test_a_matrix_is_told_in_shares_of_each_truth() -> None:
    table = shown(confusion=[[3, 1], [0, 0]], classes=["n", "wei@b.cn"])["confusion"]
    assert table["names"] == ["n", "we*@*.**"]
    assert table["rows"][0] == {"name": "n", "cells": [{"n": 3, "share": 0.75}, {"n": 1, "share": 0.25}]}
    assert table["rows"][1]["cells"] == [{"n": 0, "share": 0.0}] * 2
    for size, none in ((MAX_CLASSES, False), (MAX_CLASSES + 1, True)):
        matrix = [[1] * size] * size
        assert (shown(confusion=matrix, classes=list(map(str, range(size))))["confusion"] is None) is none


@pytest.mark.parametrize(
    ("monotone", "classes", "text"),
    [
        (
            {"a": "increasing", "b": "decreasing", "c": "increasing"},
            [],
            "the answer may only fall with b and rise with a, c",
        ),
        ({"a": "increasing"}, ["no", "yes"], "the probability of yes may only rise with a"),
        ({"a": "decreasing"}, ["x", "y", "z"], "the answer may only fall with a"),
    ],
)
def test_ordered_directions_in_words(monotone: dict[str, str], classes: list[str], text: str) -> None:
    assert shown(monotone=monotone, classes=classes)["monotone"] == text


def test_calibration_takes_two_points_that_were_observed() -> None:
    points = [{"predicted": 0.1, "observed": 0.2}, {"predicted": 0.9, "observed": None}]
    assert shown(calibration=points)["calibration"] == ""
    assert "<svg" in shown(calibration=[*points, {"predicted": 0.5, "observed": 0.5}])["calibration"]


def test_the_strongest_features_by_their_share_of_the_first() -> None:
    features = [{"column": f"c{k}", "value": float(k)} for k in range(-1, MAX_FEATURES)]
    ranked = shown(importance=features)["importance"]
    assert [feature["column"] for feature in ranked] == [f"c{k}" for k in range(MAX_FEATURES - 1, -1, -1)]
    assert [ranked[0]["width"], ranked[-1]["width"]] == [100.0, 0.0]
    assert ranked[1]["width"] == 90.9
    assert shown(importance=[{"column": "a", "value": 0.0}])["importance"][0]["width"] == 0


def test_slices_without_a_value_are_left_out_and_the_rest_is_bounded() -> None:
    slices = [{"slice": f"a < {k}", "value": k / 10} for k in range(MAX_SLICES + 1)]
    report = shown(slices=[{"slice": "x", "value": None}, *slices])["slices"]
    assert [subset["slice"] for subset in report] == [f"a < {k}" for k in range(MAX_SLICES)]
