"""Checks of running text look at the text columns of a table, and at no others."""

from dataclasses import dataclass
from typing import ClassVar

from karat.core.finding import Dimension
from karat.core.schema import Column, Role, Schema
from karat.quality.by_text import ByText
from karat.quality.by_value import ValueVerdict


@dataclass(frozen=True)
class Loud(ByText):
    dimension: ClassVar[Dimension] = Dimension.ACCURACY

    def text_rule(self, counts):
        if counts.records < 3:
            return None
        return lambda seen: [ValueVerdict(at, 0.9, "loud") for at, text in enumerate(seen.texts) if text.isupper()]


COLUMNS = {"note": ["ONE", "two", None, "ONE"], "code": ["AB", "CD", "EF", "GH"]}
ROLES = {"note": Column("note", Role.TEXT), "code": Column("code", Role.CATEGORY)}


def test_only_text_columns_are_judged(make_block, judge):
    assert judge(Loud(), make_block(COLUMNS, **ROLES)) == {(0, "note"): (0.9, None), (3, "note"): (0.9, None)}


def test_a_text_column_without_a_rule_has_no_findings(make_block, judge):
    short = {name: values[:2] for name, values in COLUMNS.items()}
    assert judge(Loud(), make_block(short, **ROLES)) == {}


def test_the_texts_that_stand_there_are_counted(make_block):
    block = make_block(COLUMNS, **ROLES)
    state = Loud().learn(block)
    assert Loud().total(state, block.schema) == 3
    more = Schema((*block.schema.columns, Column("later", Role.TEXT)))
    assert Loud().total(state, more) == 3, "a column that was not learned from is not counted"


def test_it_needs_a_column_of_texts():
    assert Loud().applies(Schema((ROLES["code"],))).reason == "it judges the text columns of a table"
    assert Loud().applies(Schema((ROLES["code"], ROLES["note"]))) is None
