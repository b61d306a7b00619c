"""Checks of documents: every limit that a document breaks goes into its one finding."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension
from karat.core.schema import Column, Role, Schema
from karat.quality.documents import FACTS, DocumentCheck, DocumentFacts, DocumentsSeen, Objection, objection

SCHEMA = Schema((Column("id", Role.ID), Column("body", Role.TEXT, nulls=("-",))), kind="text")


@dataclass(frozen=True)
class Length(DocumentCheck):
    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    min_words: float = 3
    max_words: float = 8

    def objections(self, facts):
        words = facts.numbers("words")
        if words is not None:
            yield from objection("max_words", words, words > self.max_words, self.max_words)
            yield from objection("min_words", words, words < self.min_words, np.full(len(words), self.min_words))
        if "beside" in facts.measured:
            yield Objection("beside", np.array([0]), np.array([1.0]), np.array([0.5]), np.array([33]))

    def evidence(self, parameter, value, limit, keeper):
        return f"{parameter} {value:g} {limit:g} {keeper}"


def block_of(texts, facts=None):
    table = pa.table({"id": [str(at) for at in range(len(texts))], "body": pa.array(texts, pa.string())})
    return Block(np.arange(len(texts)) + 50, table, SCHEMA, {FACTS: facts})


def test_an_objection_names_the_places_beyond_a_limit_with_what_was_measured():
    (said,) = objection("low", np.array([5.0, 1, 2]), np.array([False, True, True]), 3)
    assert (said.parameter, said.keeper) == ("low", None)
    assert (said.places.tolist(), said.measure.tolist(), said.limit.tolist()) == ([1, 2], [1, 2], [3, 3])
    (said,) = objection("low", np.array([5.0, 1]), np.array([True, True]), np.array([6.0, 2.0]))
    assert said.limit.tolist() == [6, 2]
    assert list(objection("low", np.array([5.0]), np.array([False]), 3)) == []


def test_a_measurement_is_read_by_its_name_and_absent_where_it_was_not_taken():
    facts = DocumentFacts(measured={"words": pa.array([1, None, 3])})
    np.testing.assert_array_equal(facts.numbers("words"), [1, np.nan, 3])
    assert facts.numbers("letters") is None


def test_one_finding_a_document_with_every_limit_it_breaks():
    facts = DocumentFacts(measured={"words": pa.array([2.0, 5, 9, 3, 8]), "beside": pa.array([0])})
    block = block_of(["a"] * 5, facts)
    findings = Length(min_words=4, max_words=8).judge(None, block).to_pylist()
    assert [(row["row"], row["column"], row["message"], row["keeper"]) for row in findings] == [
        (50, "body", "min_words 2 4 -1; beside 1 0.5 33", None),  # the first objection names the keeper
        (52, "body", "max_words 9 8 -1", None),
        (53, "body", "min_words 3 4 -1", None),
    ]
    assert {row["confidence"] for row in findings} == {0.7}
    assert Length().judge(None, block_of(["a"], DocumentFacts())).num_rows == 0


def test_the_other_document_is_named_where_there_is_one():
    facts = DocumentFacts(measured={"beside": pa.array([0])})
    assert Length().judge(None, block_of(["a"], facts))["keeper"].to_pylist() == [33]


def test_a_finding_of_a_whole_document_names_no_column():
    @dataclass(frozen=True)
    class Whole(Length):
        whole: ClassVar[bool] = True

    facts = DocumentFacts(measured={"words": pa.array([1.0])})
    assert Whole().judge(None, block_of(["a"], facts))["column"].to_pylist() == [None]


def test_documents_that_hold_a_text_are_counted_over_blocks():
    check = Length()
    seen = check.learn(block_of(["a", None, "-"])).merge(check.learn(block_of(["b", "c"])))
    assert seen == check.learn(block_of(["a", None, "-", "b", "c"])) == DocumentsSeen(3)
    assert check.total(seen, SCHEMA) == 3

    @dataclass(frozen=True)
    class Edited(Length):
        removes: ClassVar[bool] = False

    assert Edited().total(seen, SCHEMA) == 0, "places are looked at where settings ask for it"


def test_it_applies_where_there_are_texts_and_names_no_source_of_its_own():
    assert Length().applies(SCHEMA) is None
    assert Length().applies(Schema((SCHEMA["id"],))).reason == "it judges the texts of a corpus"
    assert Length().source_of("min_words") == ""
