"""A family of rules as a check: its limits are parameters, its rules depend on the variant."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.core.finding import Dimension
from karat.core.schema import Column, Role, Schema
from karat.quality.documents import DocumentFacts
from karat.quality.text_family import PAPER, TextFamily, text_scores
from karat.quality.text_rules import TextRule
from karat.quality.text_statistics import TextStatistics

FEW = TextRule(
    "few", "t", Dimension.ACCURACY, ("spaced_words",), "", 2, None, "a paper", 2, "few words", parameter="least"
)
MANY = replace(FEW, code="many", low=None, high=4.0, says="many words", parameter="most", source="another")


@dataclass(frozen=True)
class Words(TextFamily):
    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    least: float = 2
    most: float = 4

    def variants(self):
        return {PAPER: (FEW, MANY), "short": (FEW,)}


def block_of(texts):
    table = pa.table({"body": pa.array(texts, pa.string())})
    block = Block(np.arange(len(texts)) + 9, table, Schema((Column("body", Role.TEXT),), kind="text"))
    measured = pa.table(dict(TextStatistics().annotate(block, "body")))
    return replace(block, extra={"TextStatistics": {"body": measured}})


def test_the_rules_have_the_limits_of_the_check():
    assert [(rule.code, rule.limit) for rule in Words().rules()] == [("few", 2), ("many", 4)]
    assert [(rule.code, rule.limit) for rule in Words(least=3, most=9).rules()] == [("few", 3), ("many", 9)]
    assert [rule.code for rule in Words("short").rules()] == ["few"]
    with pytest.raises(OptionError, match=r"shrot.*short"):
        Words("shrot").rules()


def test_documents_beyond_a_limit_are_found_those_at_it_are_not():
    block = block_of(["a", "a b", "a b c d", "a b c d e"])
    findings = Words().judge(None, block).to_pylist()
    assert [(row["row"], row["column"], row["message"]) for row in findings] == [
        (9, "body", "few words: 1, below the limit of 2"),
        (12, "body", "many words: 5, above the limit of 4"),
    ]
    assert {row["confidence"] for row in findings} == {0.7}


def test_a_missing_text_is_no_short_one():
    block = block_of([None, "a", ""])
    assert Words().judge(None, block)["row"].to_pylist() == [10, 11]


def test_an_objection_names_its_parameter_and_the_parameter_its_source():
    facts = DocumentFacts({"spaced_words": np.array([1, 3, 8])})
    assert [(said.parameter, said.places.tolist(), said.limit.tolist()) for said in Words().objections(facts)] == [
        ("least", [0], [2.0]),
        ("most", [2], [4.0]),
    ]
    assert (Words().source_of("least"), Words().source_of("most")) == ("a paper", "another")


def test_statistics_of_texts_however_they_are_held():
    plain = text_scores(pa.array(["one two", None, "three"]))
    assert plain["spaced_words"].to_pylist() == [2, 0, 1]
    assert plain["characters"].to_pylist() == [7, 0, 5]
    assert all(field.type == pa.int32() for field in plain.schema)
    assert text_scores(pa.chunked_array([["one two", None], ["three"]])).equals(plain)
    assert text_scores(pa.array(["x", "one two", None, "three"]).slice(1), workers=1).equals(plain)
    assert text_scores(pa.array([], pa.string())).num_rows == 0
