"""Checks of likeness object to the documents that were measured to be like an earlier one."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from karat.core.finding import Dimension
from karat.quality.alike_documents import AlikeDocuments
from karat.quality.documents import DocumentFacts, Likeness


@dataclass(frozen=True)
class SameTexts(AlikeDocuments):
    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    limit_name: ClassVar[str] = "likeness"

    def evidence(self, parameter, value, limit, keeper):
        return f"{parameter} {value} from {limit} of {keeper}"


def likeness(*rows):
    places, measure, limit, keeper = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Likeness(np.array(places, np.int64), np.array(measure, float), np.array(limit), np.array(keeper, np.int64))


def test_each_document_that_is_like_another_is_found_with_its_keeper():
    facts = DocumentFacts(alike={"SameTexts": likeness((1, 0.9, 0.8, 7), (2, 1.0, 0.8, -1))})
    findings = SameTexts().findings_about(facts, np.array([10, 11, 12]), "text").to_pylist()
    assert [(row["row"], row["keeper"], row["message"]) for row in findings] == [
        (11, 7, "likeness 0.9 from 0.8 of 7"),
        (12, None, "likeness 1.0 from 0.8 of -1"),
    ]
    assert {row["confidence"] for row in findings} == {0.95}
    assert {row["column"] for row in findings} == {None}, "it is about the whole record"


@pytest.mark.parametrize("alike", [{}, {"SameTexts": likeness()}, {"Another": likeness((0, 1.0, 0.8, 1))}])
def test_nothing_is_objected_to_where_nothing_was_measured_for_the_check(alike):
    assert list(SameTexts().objections(DocumentFacts(alike=alike))) == []
