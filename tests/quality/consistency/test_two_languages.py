"""TwoLanguages: what it objects to, at and beyond its limit, and how it says so."""

import numpy as np
import pyarrow as pa

from karat.quality.consistency.two_languages import TwoLanguages
from karat.quality.documents import DocumentFacts


def objected(check, **measured):
    facts = DocumentFacts(measured={name: pa.array(values) for name, values in measured.items()})
    found = check.findings_about(facts, np.arange(10, 10 + len(next(iter(measured.values())))), "text")
    return dict(zip(found["row"].to_pylist(), found["message"].to_pylist(), strict=True))


def test_it_objects_beyond_its_limit_alone():
    measured = {"second_language": [0.0, 0.2, 0.4]}
    assert objected(TwoLanguages(max_share=0.2), **measured) == {
        12: "40% of it is in a second language, the limit is 20%"
    }


def test_nothing_is_said_where_nothing_was_measured():
    assert objected(TwoLanguages(), other=[1.0, 2.0]) == {}
