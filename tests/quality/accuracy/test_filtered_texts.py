"""The user's own filters object to what they are set against, and say why."""

import numpy as np
import pyarrow as pa
import pytest

from karat.quality.accuracy.filtered_texts import LISTED, UNMATCHED, UNWANTED, FilteredTexts
from karat.quality.documents import DocumentFacts

FACTS = DocumentFacts(
    {"spaced_words": np.array([1, 10, 100])},
    {
        "characters": pa.array([5, 50, 500]),
        "tokens": pa.array([2, 12, 120]),
        LISTED: pa.array([0, 1, 0]),
        UNWANTED: pa.array([0, 0, 2]),
        UNMATCHED: pa.array([1, 0, 0]),
    },
)


@pytest.mark.parametrize(
    ("how", "places", "says"),
    [
        ({"min_characters": 50}, [0], "5 characters, fewer than 50"),
        ({"max_characters": 50}, [2], "500 characters, more than 50"),
        ({"min_words": 11}, [0, 1], "1 words, fewer than 11"),
        ({"max_words": 99}, [2], "100 words, more than 99"),
        ({"min_tokens": 3, "max_tokens": 0}, [0], "2 tokens, fewer than 3"),
        ({"max_tokens": 12}, [2], "120 tokens, more than 12"),
    ],
    ids=str,
)
def test_lengths(how, places, says):
    check = FilteredTexts(**how)
    lengths = [o for o in check.objections(FACTS) if o.parameter in how]
    assert [o.places.tolist() for o in lengths] == [places]
    assert check.evidence(lengths[0].parameter, lengths[0].measure[0], lengths[0].limit[0], -1) == says
    assert check.wanted


def test_lists_and_expressions():
    check = FilteredTexts(drop_urls=("l",), drop_matching=("a", "b+"), keep_matching=("c",))
    said = {
        o.parameter: (o.places.tolist(), check.evidence(o.parameter, o.measure[0], 0, -1))
        for o in check.objections(FACTS)
    }
    assert said["drop_urls"] == ([1], "its address is on a list of addresses to drop")
    assert said["drop_matching"] == ([2], "it matches 'b+'")
    assert said["keep_matching"] == ([0], "it matches none of the expressions to keep")


def test_nothing_set_objects_to_nothing():
    assert not list(
        FilteredTexts().objections(DocumentFacts({"spaced_words": np.array([0])}, {"characters": pa.array([0])}))
    )
    assert not FilteredTexts().counts_tokens
