"""StrangeTexts: what it objects to, at and beyond its limit, and how it says so."""

import numpy as np
import pyarrow as pa

from karat.quality.accuracy.strange_texts import StrangeTexts
from karat.quality.documents import DocumentFacts


def objected(check, **measured):
    facts = DocumentFacts(measured={name: pa.array(values) for name, values in measured.items()})
    found = check.findings_about(facts, np.arange(10, 10 + len(next(iter(measured.values())))), "text")
    return dict(zip(found["row"].to_pylist(), found["message"].to_pylist(), strict=True))


def test_a_limit_of_its_own_is_the_same_for_all_scripts():
    measured = {"bits_per_byte": [2.0, 2.5], "most_bits_per_byte": [9.0, np.nan]}
    assert list(objected(StrangeTexts(max_bits=2.25), **measured)) == [11]


def test_it_objects_beyond_its_limit_alone():
    measured = {"bits_per_byte": [2.0, 2.5, np.nan], "most_bits_per_byte": [2.0, 2.0, 2.0]}
    assert objected(StrangeTexts(), **measured) == {
        11: "2.50 bits a byte to a model of the usual texts, the limit is 2.00"
    }


def test_nothing_is_said_where_nothing_was_measured():
    assert objected(StrangeTexts(), other=[1.0, 2.0]) == {}
