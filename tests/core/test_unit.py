"""What the nine kinds of unit do by themselves: codes, what suits, measures, proposals to be asked."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.finding import FINDINGS, Dimension, DoesNotApply
from karat.core.measure import Measure
from karat.core.patch import changes, no_changes
from karat.core.schema import Column, Role, Schema
from karat.core.unit import (
    KINDS,
    Annotation,
    Check,
    Exporter,
    Fix,
    Grouping,
    Learner,
    Metric,
    Source,
    Transform,
    Unit,
    Voter,
)

SCHEMA = Schema((Column("a", Role.CATEGORY), Column("t", Role.TEXT), Column("y", Role.TARGET)), task="classification")


@dataclass(frozen=True)
class Plain(Check):
    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "plain"
    meanings: ClassVar[frozenset[str]] = frozenset({"place", "code"})
    cells: int = 10

    def learn(self, block):
        return 0

    def total(self, state, schema):
        return self.cells


@dataclass(frozen=True)
class Model(Learner):
    tasks: ClassVar[frozenset[str]] = frozenset({"classification"})
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})

    def fit(self, features, target, seed):
        raise NotImplementedError


@dataclass(frozen=True)
class Letters(Transform):
    roles: ClassVar[frozenset[Role]] = frozenset({Role.TEXT})
    ways: ClassVar[frozenset[str]] = frozenset({"linear"})
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})
    column: str = ""

    def fit(self, train, positions=None):
        raise NotImplementedError


@dataclass(frozen=True)
class Guess(Voter):
    def vote(self, block):
        raise NotImplementedError


@dataclass(frozen=True)
class Long(Annotation):
    reads: ClassVar[frozenset[Role]] = frozenset({Role.TEXT})

    def annotate(self, batch, column):
        return {}


def test_a_code_is_the_name_of_the_class():
    assert (Plain.code(), Plain().code(), Model.code()) == ("Plain", "Plain", "Model")


def test_each_kind_is_known_by_its_name():
    assert {name: unit.kind for name, unit in KINDS.items()} == {name: name for name in KINDS}
    assert set(KINDS.values()) == {Source, Annotation, Check, Fix, Voter, Transform, Learner, Metric, Exporter}
    assert all(issubclass(unit, Unit) for unit in KINDS.values())


@pytest.mark.parametrize("kind", KINDS.values())
def test_a_kind_without_its_verb_cannot_be_used(kind):
    with pytest.raises(TypeError, match="abstract"):
        kind()


def test_a_check_suits_columns_all_of_whose_types_it_knows():
    assert Plain().suits(Column("a", Role.CATEGORY))
    assert Plain().suits(Column("a", Role.CATEGORY, meanings=("code", "place")))
    assert not Plain().suits(Column("a", Role.CATEGORY, meanings=("code", "person")))

    @dataclass(frozen=True)
    class Every(Plain):
        meanings: ClassVar[frozenset[str]] = frozenset()

    assert Every().suits(Column("a", Role.CATEGORY, meanings=("person",)))


def test_findings_bear_the_name_of_the_check():
    table = Plain().found(2, row=[1, 2], confidence=0.5, message="m")
    assert table.select(["check", "dimension", "kind"]).to_pylist()[0] == {
        "check": "Plain",
        "dimension": "accuracy",
        "kind": "fact",
    }
    assert Plain().found(1, confidence=0.5, message="m", kind="form")["kind"].to_pylist() == ["form"]


def findings(*rows):
    row, column, confidence, kind = zip(*rows, strict=True)
    return Plain().found(
        len(rows), row=list(row), column=list(column), confidence=list(confidence), kind=list(kind), message="m"
    )


SOME = findings(
    (1, "a", 0.5, "fact"),
    (1, "a", 0.9, "fact"),  # the same cell again
    (1, "b", 0.9, "fact"),
    (2, "a", 0.49, "fact"),
    (3, "a", 0.9, "form"),
    (None, "a", 0.9, "fact"),
)


def test_cells_with_a_finding_of_fact_are_counted_once():
    assert Plain().measures(0, SCHEMA, SOME) == [Measure("plain", "ISO/IEC 5259-2", 2, 10, "cells")]
    assert Plain(cells=1).measures(0, SCHEMA, SOME)[0].bad == 1
    assert Plain(cells=0).measures(0, SCHEMA, SOME) == []
    assert Plain().measures(0, SCHEMA, SOME.drop_columns(["kind"]))[0].bad == 3

    @dataclass(frozen=True)
    class Unmeasured(Plain):
        measure_name: ClassVar[str] = ""

    assert Unmeasured().measures(0, SCHEMA, SOME) == []


def test_what_a_ledger_dealt_with_is_counted_no_more():
    ledger = changes(1, row=[1], column="a", action="set", before="x", after="y", check="Plain")
    assert Plain().measures_after(0, SCHEMA, SOME, ledger)[0].bad == 1
    assert Plain().measures_after(0, SCHEMA, SOME, no_changes())[0].bad == 2
    gone = changes(1, row=[1], action="drop", before="{}", check="Plain")
    assert Plain().measures_after(0, SCHEMA, SOME, gone)[0].bad == 0


def test_a_check_by_default_applies_wants_no_more_and_concludes_nothing():
    check = Plain()
    assert check.applies(SCHEMA) is None
    assert check.next_pass(7) == ()
    assert check.learn_groups(7, {Grouping(("a",), "t"): pa.table({})}) == 7
    assert check.learn_answers(7, Block(np.arange(0), pa.table({}), Schema(()))) == 7
    assert check.conclude(7, SCHEMA).num_rows == 0
    assert DoesNotApply("why").reason == "why"


def test_groupings_are_the_same_by_what_they_ask():
    assert Grouping(("a",), "b") == Grouping(("a",), "b", conflicts_only=False)
    assert len({Grouping(("a",), "b"), Grouping(("a",), "b"), Grouping(("b",), "a")}) == 2


def test_an_annotation_suits_the_roles_it_reads():
    assert Long().suits(SCHEMA["t"])
    assert not Long().suits(SCHEMA["a"])


def test_a_voter_is_asked_by_its_code():
    assert Guess.asked({"voters": ["Guess"]}) == Guess()
    assert Guess.asked({"voters": ["Other"]}) is None


def test_a_transform_suits_role_way_and_kind_of_data():
    assert Letters.of(SCHEMA["t"], SCHEMA, "linear") == Letters("t")
    assert Letters.of(SCHEMA["t"], SCHEMA, "trees") is None
    assert Letters.of(SCHEMA["a"], SCHEMA, "linear") is None
    assert Letters.of(SCHEMA["t"], Schema(SCHEMA.columns, kind="image"), "linear") is None
    assert Letters.of_records(SCHEMA, "linear") is None


def test_a_learner_suits_task_and_kind_of_data():
    assert Model().suits(SCHEMA)
    assert not Model().suits(Schema(SCHEMA.columns, task="regression"))
    assert not Model().suits(Schema(SCHEMA.columns, task="classification", kind="image"))
    assert Model().suits(Schema(SCHEMA.columns, task="classification", kind="series", also=("table",)))
    assert Model().called(SCHEMA) == "Model"
    assert Model().competitors(5, 9) == (Model(),)
    assert Model().from_file("there", SCHEMA) is None
    assert Model().drivers(None, np.zeros((1, 1)), np.zeros(1), np.zeros((1, 1))) is None


def test_a_learner_that_people_have_a_name_for():
    @dataclass(frozen=True)
    class Nicknamed(Model):
        name: ClassVar[str] = "a line"

    assert Nicknamed().called(SCHEMA) == "a line"


def test_a_check_of_columns_alone_says_nothing_about_records():
    assert Plain().judge(0, None).equals(FINDINGS.empty_table())
