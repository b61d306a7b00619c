"""Drops records of a chat file that would teach the wrong thing."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import SURE
from karat.core.patch import changes, no_changes, record_text
from karat.core.unit import Fix

# a record goes once: for the first of these that speaks about it
ORDER = (
    *("DuplicateRecords", "BrokenTurns", "EmptyTurns", "QuestionsInTestSet"),
    *("TruncatedAnswers", "NearDuplicateQuestions", "ContradictoryAnswers", "Refusals", "EchoedQuestions"),
)
CERTAIN = 0.8  # unproven: least confidence that drops a record


@dataclass(frozen=True)
class DropBrokenChats(Fix):
    """Drops conversations whose turns are out of order, unknown or empty; the ledger holds each of them whole.

    A chat template refuses them or joins them wrongly. What is less sure than ``min_confidence`` stays and is told.

    Parameters
    ----------
    min_confidence : float
        In [0, 1].
    """

    mends: ClassVar[frozenset[str]] = frozenset({"BrokenTurns", "EmptyTurns"})
    safe: ClassVar[bool] = True
    family: ClassVar[str] = "broken chats"
    row_wise: ClassVar[bool] = False

    min_confidence: float = CERTAIN

    def propose(self, block: Block, findings: pa.Table) -> pa.Table:
        mine = findings.filter(
            pc.and_(
                pc.is_in(findings["check"], pa.array(sorted(self.mends))),
                pc.greater_equal(findings["confidence"], self.min_confidence),
            )
        )
        mine = mine.filter(pc.invert(pc.is_in(mine["row"], pa.array(self._taken(findings), pa.int64()))))
        if not mine.num_rows:
            return no_changes()
        mine = mine.sort_by([("row", "ascending"), ("confidence", "descending"), ("check", "ascending")])
        rows, first = np.unique(mine["row"].to_numpy(), return_index=True)
        surest = mine.take(pa.array(first))
        return changes(
            len(rows),
            row=rows,
            action="drop",
            before=record_text(block.table, np.searchsorted(block.rows, rows)),
            check=surest["check"],
            confidence=surest["confidence"],
            keeper=self._keepers(surest),
        )

    def _keepers(self, surest: pa.Table) -> pa.Array:
        return pa.nulls(surest.num_rows, pa.int64())

    def _taken(self, findings: pa.Table) -> np.ndarray:
        """Records that another fix drops for a reason that comes first."""
        before = ORDER[: min(ORDER.index(code) for code in self.mends)]
        sure = np.where(pc.equal(findings["check"], ORDER[0]), SURE, CERTAIN)
        there = pc.is_in(findings["check"], pa.array(before, pa.string()))
        hit = np.asarray(there) & (findings["confidence"].to_numpy() >= sure)
        rows: np.ndarray = findings["row"].to_numpy()[hit]
        return rows


@dataclass(frozen=True)
class DropTestQuestions(DropBrokenChats):
    """Drops records whose question stands in one of the user's test sets.

    What a model has memorised cannot be tested. The ledger holds each record whole; the finding names the question.
    """

    mends: ClassVar[frozenset[str]] = frozenset({"QuestionsInTestSet"})
    family: ClassVar[str] = "test questions"


@dataclass(frozen=True)
class DropTruncatedAnswers(DropBrokenChats):
    """Drops records whose answer breaks off, where the signs are strong.

    The rest of the answer cannot be made up, and half of it teaches to stop anywhere.
    """

    mends: ClassVar[frozenset[str]] = frozenset({"TruncatedAnswers"})
    family: ClassVar[str] = "truncated answers"


@dataclass(frozen=True)
class DropNearDuplicateQuestions(DropBrokenChats):
    """Drops records that ask what an earlier one asks; the ledger names the record that is kept.

    A question that is there twice counts twice, and lies in training and test alike.
    """

    mends: ClassVar[frozenset[str]] = frozenset({"NearDuplicateQuestions"})
    family: ClassVar[str] = "near-duplicate questions"

    def _keepers(self, surest: pa.Table) -> pa.Array:
        return pc.cast(surest["value"], pa.int64()).combine_chunks()


@dataclass(frozen=True)
class DropContradictoryAnswers(DropBrokenChats):
    """Drops the answer that most records, or its own reasoning, speak against; where none does, both need review.

    Of two answers that exclude each other one at least is wrong, and a model that learns both is torn.
    """

    mends: ClassVar[frozenset[str]] = frozenset({"ContradictoryAnswers"})
    family: ClassVar[str] = "contradictory answers"


@dataclass(frozen=True)
class DropRefusals(DropBrokenChats):
    """Proposes to drop refusals, boilerplate and answers that only repeat the question; a person or a proof decides.

    Some refusals are meant: which ones, the file does not say.
    """

    mends: ClassVar[frozenset[str]] = frozenset({"Refusals", "EchoedQuestions"})
    safe: ClassVar[bool] = False
    family: ClassVar[str] = "refusals"
