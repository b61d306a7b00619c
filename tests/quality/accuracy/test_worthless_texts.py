"""Two independent signs remove a document, one asks a person."""

import numpy as np
import pyarrow as pa
import pytest

from karat.quality.accuracy.worthless_texts import WorthlessTexts
from karat.quality.documents import DocumentFacts
from karat.quality.languages import languages
from karat.quality.text_family import text_scores
from karat.quality.text_form import form_scores
from karat.quality.text_rules import numbers_of

GOOD = "The old house at the end of our lane has been empty for years, and nobody knows who owns it now. "
ONCE_AGAIN, MENU = GOOD * 6, "Home | About | Log in\n" * 30


@pytest.fixture(scope="module")
def facts():
    texts = pa.array([GOOD, ONCE_AGAIN, MENU, ""])
    told = languages(texts)
    form = form_scores(texts, told["language"], told["probability"])
    return DocumentFacts(numbers_of(text_scores(texts, 1)) | numbers_of(form))


def test_only_what_two_independent_signs_speak_against_is_removed(facts):
    (objection,) = WorthlessTexts().objections(facts)
    assert objection.parameter == "min_probability"
    assert objection.places.tolist() == [2]
    assert objection.measure[0] >= 0.9 == objection.limit[0]
    assert list(WorthlessTexts(min_probability=1.0).objections(facts)) == []
    assert "0.95" in WorthlessTexts().evidence("min_probability", 0.95, 0.9, -1)


def test_a_finding_tells_every_sign_and_is_as_sure_as_they_are(facts):
    found = WorthlessTexts().findings_about(facts, np.array([10, 11, 12, 13]), "text").to_pylist()
    assert [entry["row"] for entry in found] == [11, 12]
    assert "stretches of its words are repeated (" in found[0]["message"]
    assert "its lines are repeated" in found[1]["message"]
    assert 0.5 <= found[0]["confidence"] < found[1]["confidence"]
    assert found[0]["column"] == "text"


def test_without_the_counts_it_says_nothing():
    bare = DocumentFacts({"characters": np.array([5])})
    assert list(WorthlessTexts().objections(bare)) == []
    assert WorthlessTexts().findings_about(bare, np.array([0]), "text").num_rows == 0
