"""RepeatedLines: how many places of a document were changed; no document is removed for it."""

import numpy as np
import pytest

from karat.quality.consistency.repeated_lines import RepeatedLines
from karat.quality.documents import DocumentFacts


@pytest.mark.parametrize(
    ("count", "says"),
    [
        (1, "lines repeated in many documents were cut in 1 place"),
        (3, "lines repeated in many documents were cut in 3 places"),
    ],
)
def test_it_says_in_how_many_places(count, says):
    facts = DocumentFacts(edited={RepeatedLines.code(): (np.array([2]), np.array([count]))})
    found = RepeatedLines().findings_about(facts, np.arange(5, 9), "text")
    assert found.select(["row", "column", "message"]).to_pylist() == [{"row": 7, "column": "text", "message": says}]
    assert not RepeatedLines.removes


def test_documents_that_were_changed_for_something_else_are_not_named():
    facts = DocumentFacts(edited={"Other": (np.array([0]), np.array([1]))})
    assert RepeatedLines().findings_about(facts, np.arange(4), "text").num_rows == 0
