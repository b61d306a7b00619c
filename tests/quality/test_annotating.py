from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Annotation
from karat.quality.accuracy.gopher_quality import GopherQuality
from karat.quality.annotating import annotated, columns_of, measured, needed

SCHEMA = Schema((Column("note", Role.TEXT), Column("n", Role.NUMBER, "int64"), Column("more", Role.TEXT)))
TABLE = pa.table({"note": ["a", "bb", None], "n": ["1", "2", "3"], "more": ["xyz", "", "z"]})


@dataclass(frozen=True)
class Lengths(Annotation):
    columns: ClassVar[Mapping[str, pa.DataType]] = {"length": pa.int32()}
    reads: ClassVar[frozenset[Role]] = frozenset({Role.TEXT})

    def annotate(self, batch, column):
        return {"length": [len(text or "") for text in batch.text(column).to_pylist()]}


@dataclass(frozen=True)
class FilledCells(Annotation):
    columns: ClassVar[Mapping[str, pa.DataType]] = {"filled": pa.int8()}

    def annotate(self, batch, column):
        assert column == ""
        return {"filled": sum((~batch.missing(c.name)).astype(np.int64) for c in batch.schema)}


def block(kind: str = "table") -> Block:
    return Block(np.array([4, 7, 9]), TABLE, Schema(SCHEMA.columns, kind=kind))


def test_a_column_of_each_role_is_measured_and_cut_along_with_the_records():
    measured_block = annotated(block(), {"Lengths": Lengths(), "FilledCells": FilledCells()})
    assert measured_block.annotation("Lengths", "note")["length"].to_pylist() == [1, 2, 0]
    assert measured_block.annotation("Lengths", "more")["length"].to_pylist() == [3, 0, 1]
    assert measured_block.annotation("FilledCells")["filled"].to_pylist() == [3, 3, 2]
    kept = measured_block.take(np.array([False, True, True]))
    assert kept.annotation("Lengths", "note")["length"].to_pylist() == [2, 0]
    assert columns_of(FilledCells(), SCHEMA) == ("",)


def test_what_is_measured_already_is_not_measured_again():
    known = {"note": pa.table({"length": [8, 8, 8]})}
    there = Block(np.arange(3), TABLE, SCHEMA, {"Lengths": known})
    assert annotated(there, {"Lengths": Lengths()}) is there


def test_only_what_a_check_needs_is_measured_where_there_is_a_column_for_it():
    assert list(needed([GopherQuality()], block("corpus").schema)) == ["TextStatistics"]
    assert needed([GopherQuality()], Schema((Column("n", Role.NUMBER),), kind="corpus")) == {}
    assert needed([], block("corpus").schema) == {}


def test_a_check_that_did_not_name_it_is_told_so():
    with pytest.raises(KeyError, match="name it in the check's needs"):
        block().annotation("Lengths", "note")


@pytest.mark.parametrize("values", [{"length": [1]}, {"size": [1, 2, 3]}, {}])
def test_measurements_that_are_not_as_declared_are_refused(values):
    wrong = dataclass(frozen=True)(type("Wrong", (Lengths,), {"annotate": lambda self, batch, column: values}))
    with pytest.raises(InputError, match="there are 3 records"):
        measured(block(), wrong())
