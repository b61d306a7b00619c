"""BrokenCharacters: how many places of a document were changed; no document is removed for it."""

import numpy as np
import pytest

from karat.quality.accuracy.broken_characters import BrokenCharacters
from karat.quality.documents import DocumentFacts


@pytest.mark.parametrize(
    ("count", "says"),
    [(1, "broken characters were repaired in 1 place"), (3, "broken characters were repaired in 3 places")],
)
def test_it_says_in_how_many_places(count, says):
    facts = DocumentFacts(edited={BrokenCharacters.code(): (np.array([2]), np.array([count]))})
    found = BrokenCharacters().findings_about(facts, np.arange(5, 9), "text")
    assert found.select(["row", "column", "message"]).to_pylist() == [{"row": 7, "column": "text", "message": says}]
    assert not BrokenCharacters.removes


def test_documents_that_were_changed_for_something_else_are_not_named():
    facts = DocumentFacts(edited={"Other": (np.array([0]), np.array([1]))})
    assert BrokenCharacters().findings_about(facts, np.arange(4), "text").num_rows == 0
