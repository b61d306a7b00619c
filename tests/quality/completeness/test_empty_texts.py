"""EmptyTexts: white space is nothing, a character of a script without spaces is something."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.errors import OptionError
from karat.quality.completeness.empty_texts import EmptyTexts
from karat.quality.documents import DocumentFacts
from karat.quality.text_family import text_scores
from karat.quality.text_rules import numbers_of


def test_what_holds_nothing_is_named():
    facts = DocumentFacts(numbers_of(text_scores(pa.array(["", " \n\t ", "word", "字"]), 1)))
    found = EmptyTexts().findings_about(facts, np.arange(4), "text")
    assert found["row"].to_pylist() == [0, 1]
    assert found["message"][0].as_py() == "it holds nothing but white space: 0, below the limit of 1"


def test_a_variant_that_is_not_known_is_an_error():
    with pytest.raises(OptionError, match="paper"):
        EmptyTexts("papr").rules()
