"""Places that the user's expressions were replaced in."""

import numpy as np

from karat.quality.consistency.replaced_patterns import ReplacedPatterns
from karat.quality.documents import DocumentFacts


def test_it_says_in_how_many_places():
    check = ReplacedPatterns()
    facts = DocumentFacts(edited={check.code(): (np.array([3]), np.array([2]))})
    (objection,) = check.objections(facts)
    assert objection.places.tolist() == [3]
    assert check.evidence("", 2.0, 0.0, -1) == "patterns of the settings were replaced in 2 places"
    assert not check.removes
