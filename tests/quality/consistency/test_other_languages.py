"""OtherLanguages: what it objects to, at and beyond its limit, and how it says so."""

import numpy as np
import pyarrow as pa

from karat.quality.consistency.other_languages import OtherLanguages
from karat.quality.documents import DocumentFacts


def objected(check, **measured):
    facts = DocumentFacts(measured={name: pa.array(values) for name, values in measured.items()})
    found = check.findings_about(facts, np.arange(10, 10 + len(next(iter(measured.values())))), "text")
    return dict(zip(found["row"].to_pylist(), found["message"].to_pylist(), strict=True))


def test_it_objects_beyond_its_limit_alone():
    measured = {"language": ["en", "de", None], "language_probability": [1.0, 0.75, 0.5]}
    assert objected(OtherLanguages(languages=("en",)), **measured) == {
        11: "another language than those wanted, with probability 0.75",
        12: "another language than those wanted, with probability 0.50",
    }


def test_nothing_is_said_where_nothing_was_measured():
    assert objected(OtherLanguages(), other=[1.0, 2.0]) == {}
