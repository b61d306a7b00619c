"""What a kind of data says about itself."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.collect.read import Contents
from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.schema import Column, Role, Schema
from karat.prepare.splits import Splits, plan_splits


class Goal(StrEnum):
    """What a model of the data is for, and so what a proof measures."""

    PREDICT = "predict"  # a target from the other columns
    RANK = "rank"  # items for a user
    MODEL_TEXT = "model text"  # the next token


class Layout(StrEnum):
    """How the records of a run lie on disk between its steps."""

    BLOCKS = "blocks"  # of one file
    PARTS = "parts"  # of documents, which are read, judged and written one at a time


@dataclass(frozen=True)
class Sample:
    """What there is to tell a kind of data by: records, and what is known of the container they came in.

    Parameters
    ----------
    table : pyarrow.Table
        Records, cells as text; no column where only the container is known.
    types : mapping of str to str
        What typed columns declare, as in ``karat.collect.reading.Reading``.
    files : str
        "pictures", "pages" or "texts" where the container is made of such files, else "".
    target : str
        The column to predict, "" where the user names none.
    schema : Schema or None
        Inferred from all records; None before they are read.
    counts : ValueCounts or None
        Likewise.
    first : pyarrow.Table or None
        The first block of records, in their order; likewise.
    chosen : sequence of str
        Columns whose role the user has set.
    """

    table: pa.Table = field(default_factory=lambda: pa.table({}))
    types: Mapping[str, str] = field(default_factory=dict)
    files: str = ""
    target: str = ""
    schema: Schema | None = None
    counts: ValueCounts | None = None
    first: pa.Table | None = None
    chosen: Sequence[str] = ()


class Kind(ABC):
    """A kind of data: one file in this folder, found there by its name.

    Class variables
    ---------------
    name : as in ``--kind``, ``schema.json`` and ``run.json``.
    rank : the kinds are asked in this order, the first that recognises the data has it.
    also : kinds whose units suit it too.
    contents : how its files are read.
    goal : what a model of it is for.
    layout : how its records lie on disk.
    own_files : what a run writes beside ``data.parquet``, in the shape that the records came in.
    """

    name: ClassVar[str]
    rank: ClassVar[int]
    also: ClassVar[tuple[str, ...]] = ()
    contents: ClassVar[Contents] = Contents()
    goal: ClassVar[Goal] = Goal.PREDICT
    layout: ClassVar[Layout] = Layout.BLOCKS
    own_files: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def recognised(self, sample: Sample) -> str:
        """What the data is recognised by, in words; "" where it is not of this kind."""

    def roles(self, sample: Sample) -> Schema:
        """The schema of all records with the roles that the kind gives its columns.

        Raises
        ------
        InputError
            The records cannot be of this kind.
        """
        assert sample.schema is not None
        return replace(sample.schema, kind=self.name, also=self.also)

    def splits(self, block: Block, *, seed: int, repeats: int, folds: int) -> Splits:
        """Who trains and who tests, of all raw records: forward in time where they tell the next, by group or record.

        Raises
        ------
        InputError
            There are too few records, or none of them can be told apart.
        """
        return plan_splits(block, seed=seed, repeats=repeats, folds=folds)

    def provable(self, schema: Schema) -> bool:
        """Is there something to measure a model by?"""
        return schema.target is not None

    def cells(self, schema: Schema) -> list[Column]:
        """The columns whose cells are judged one by one, so that scores count each wrong cell once."""
        return []

    def facts(self, block: Block) -> list[tuple[str, str]]:
        """What a person should know of records of this kind before anything is done with them: names and words."""
        return []

    def of_strings(self, strings: Sequence[str | None]) -> Any:
        """What a list of strings holds: paths of files."""
        return strings


def spans(block: Block) -> list[tuple[str, str]]:
    """From when to when each column of times reaches, in words."""
    said = []
    for column in block.schema.with_role(Role.TIME):
        times = block.times(column.name)
        times = times[~np.isnat(times)]
        if len(times):
            first, last = (
                str(moment).replace("T", " ")[:16].removesuffix(" 00:00") for moment in (times.min(), times.max())
            )
            said.append(("time", f"{first} to {last} in column {column.name!r}"))
    return said
