"""PoorTexts: what it objects to, at and beyond its limit, and how it says so."""

import numpy as np
import pyarrow as pa

from karat.quality.accuracy.poor_texts import PoorTexts
from karat.quality.documents import DocumentFacts


def objected(check, **measured):
    facts = DocumentFacts(measured={name: pa.array(values) for name, values in measured.items()})
    found = check.findings_about(facts, np.arange(10, 10 + len(next(iter(measured.values())))), "text")
    return dict(zip(found["row"].to_pylist(), found["message"].to_pylist(), strict=True))


def test_it_objects_beyond_its_limit_alone():
    measured = {"quality": [0.5, 0.4999, 0.9]}
    assert objected(PoorTexts(), **measured) == {11: "the quality model gives 0.500, below 0.5"}


def test_nothing_is_said_where_nothing_was_measured():
    assert objected(PoorTexts(), other=[1.0, 2.0]) == {}
