"""Checks of places say in how many places of which documents something was changed."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.finding import Dimension
from karat.quality.documents import DocumentFacts
from karat.quality.edited_documents import EditedDocuments


@dataclass(frozen=True)
class Tabs(EditedDocuments):
    dimension: ClassVar[Dimension] = Dimension.ACCURACY

    def done(self):
        return "a tab was taken out"


def test_the_number_of_places_is_told_of_each_document_that_was_changed():
    facts = DocumentFacts(
        edited={"Tabs": (np.array([0, 2]), np.array([1, 12])), "Other": (np.array([1]), np.array([5]))}
    )
    findings = Tabs().findings_about(facts, np.array([5, 6, 7]), "text").to_pylist()
    assert [(row["row"], row["column"], row["message"]) for row in findings] == [
        (5, "text", "a tab was taken out in 1 place"),
        (7, "text", "a tab was taken out in 12 places"),
    ]
    assert {row["confidence"] for row in findings} == {0.9}
    assert {row["keeper"] for row in findings} == {None}
    assert not Tabs.removes


def test_nothing_is_said_where_nothing_was_changed():
    assert list(Tabs().objections(DocumentFacts())) == []
    assert list(Tabs().objections(DocumentFacts(edited={"Other": (np.array([1]), np.array([5]))}))) == []
