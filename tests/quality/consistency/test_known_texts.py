"""KnownTexts: a finding about the whole document, with the number of the one that is kept."""

import numpy as np

from karat.quality.consistency.known_texts import KnownTexts
from karat.quality.documents import DocumentFacts, Likeness


def test_a_document_that_is_like_another_is_named_with_it():
    alike = Likeness(np.array([1, 3]), np.array([0.9, 1.0]), np.array([0.8, 0.8]), np.array([10, -1]))
    facts = DocumentFacts(alike={KnownTexts.code(): alike})
    found = KnownTexts().findings_about(facts, np.arange(10, 15), "text")
    assert found["row"].to_pylist() == [11, 13]
    assert found["keeper"].to_pylist() == [10, None]
    assert found["column"].to_pylist() == [None, None]
    assert found["message"].to_pylist() == [
        "shares 90.0% of its shingles with document 10 of the run, the limit is 80%",
        "shares 100.0% of its shingles with a text kept from an earlier crawl, the limit is 80%",
    ]


def test_without_a_comparison_nothing_is_said():
    assert KnownTexts().findings_about(DocumentFacts(), np.arange(5), "text").num_rows == 0
