"""Scores go through the fitted curve of their check; form findings do not."""

from math import inf

import pyarrow as pa
import pytest

from karat.core.finding import Dimension, findings
from karat.core.registry import units
from karat.quality import calibration
from karat.quality.calibration import Curve, calibrated, curves, fixes_from


@pytest.fixture
def fitted(monkeypatch):
    monkeypatch.setattr(calibration, "curves", lambda: {"X": Curve((0.0, 0.5, 1.0), (0.1, 0.3, 0.9), 0.88, 9)})


def said(kind, *scores):
    return findings(
        "X",
        Dimension.ACCURACY,
        len(scores),
        row=list(range(len(scores))),
        confidence=list(scores),
        message="m",
        kind=kind,
    )


def test_a_score_becomes_what_it_was_worth_elsewhere(fitted):
    assert calibrated("X", said("fact", 0.0, 0.25, 0.75, 1.0))["confidence"].to_pylist() == [0.1, 0.2, 0.6, 0.9]


def test_form_and_unknown_checks_keep_theirs(fitted):
    both = pa.concat_tables([said("form", 0.75), said("fact", 0.75)])
    assert calibrated("X", both)["confidence"].to_pylist() == [0.75, 0.6]
    assert calibrated("Y", said("fact", 0.75))["confidence"].to_pylist() == [0.75]


def test_only_a_proven_check_fixes_unasked(fitted):
    assert fixes_from("X") == 0.88
    assert fixes_from("Y") == inf


def test_what_is_shipped_is_about_checks_there_are_and_rises():
    for code, curve in curves().items():
        assert code in units("check")
        assert list(curve.score) == sorted(curve.score)
        assert list(curve.right) == sorted(curve.right)
        assert 0 <= curve.right[0] <= curve.right[-1] <= 1
