"""What checks and fixes are told of a part: measurements, removals, edits, and what a stopped check leaves open."""

from types import SimpleNamespace

import numpy as np
import pytest

from karat.clean.drop_documents import OPEN, REMOVED
from karat.clean.edit_documents import EDITS
from karat.core.block import Block
from karat.core.finding import no_findings
from karat.core.schema import Column, Role, Schema
from karat.flow.document_verdicts import Verdicts
from karat.flow.judged_documents import JudgedDocuments
from karat.flow.refined_documents import RefinedDocuments
from karat.flow.repeated_passages import CUTS, Cuts
from karat.quality.consistency.duplicate_texts import DuplicateTexts
from karat.quality.documents import FACTS

SCHEMA = Schema((Column("text", Role.TEXT),), kind="text")


@pytest.fixture
def judged(parts_of):
    _, parts = parts_of(["one text", "caf\u00c3\u00a9"], ["write to wei@example.org or li@b.org", "two", "one text"])
    refined = RefinedDocuments(parts, SCHEMA, "text", Cuts(CUTS.empty_table()))
    verdicts = Verdicts.all_kept(5)

    def of(stopped=()):
        return JudgedDocuments(
            refined, [DuplicateTexts()], verdicts, SimpleNamespace(judged=lambda table: table), stopped
        )

    of.verdicts = verdicts
    return of


def test_a_part_is_its_documents(judged) -> None:
    documents = judged()
    assert documents.sizes == [2, 3]
    assert documents.records(0)["text"].to_pylist() == ["one text", "caf\u00c3\u00a9"]
    assert documents.annotations.name == "annotations"


def test_removals_carry_measure_limit_and_keeper(judged) -> None:
    judged.verdicts.drop(("DuplicateTexts", ""), np.array([4]), 1.0, 1.0, np.array([0]))
    judged.verdicts.drop(("PoorTexts", "min_quality"), np.array([3]))
    removed = judged().beside(1)[REMOVED].to_pylist()
    assert removed == [
        {"row": 3, "check": "PoorTexts", "measure": None, "limit": None, "keeper": None},
        {"row": 4, "check": "DuplicateTexts", "measure": 1.0, "limit": 1.0, "keeper": 0},
    ]
    assert judged().beside(0)[REMOVED].num_rows == 0


def test_likeness_is_counted_within_the_part(judged) -> None:
    judged.verdicts.drop(("DuplicateTexts", ""), np.array([4]), 1.0, 1.0, np.array([0]))
    likeness = judged().beside(1)[FACTS].alike["DuplicateTexts"]
    assert (likeness.places.tolist(), likeness.keeper.tolist()) == ([2], [0])
    assert judged().beside(0)[FACTS].alike["DuplicateTexts"].places.tolist() == []


def test_edits_of_removed_documents_are_left_out(judged) -> None:
    assert set(judged().beside(0)[EDITS]["row"].to_pylist()) == {1}
    assert judged().beside(0)[FACTS].edited["BrokenCharacters"][0].tolist() == [1]
    judged.verdicts.drop(("PoorTexts", ""), np.array([1]))
    assert judged().beside(0)[EDITS].num_rows == 0


def test_what_a_stopped_check_would_remove_is_open(judged) -> None:
    judged.verdicts.drop(("PoorTexts", ""), np.array([0]))
    judged.verdicts.spared = {"Stopped": np.array([2])}
    documents = judged(["Stopped"])
    assert documents.beside(0)[OPEN]["Stopped"].tolist() == [1]
    assert documents.beside(1)[OPEN]["Stopped"].tolist() == [3, 4]
    assert judged().beside(0)[OPEN] == {}


def test_what_was_masked_as_it_was_read_is_found_by_its_number_of_places(judged) -> None:
    documents = judged()
    block = Block(np.arange(2, 5), documents.records(1), SCHEMA, documents.beside(1))
    result = documents.heard(block, no_findings()).to_pylist()
    assert [(entry["row"], entry["check"], entry["message"]) for entry in result] == [
        (2, "PersonalData", "personal data in 2 places")
    ]
    first = Block(np.arange(2), documents.records(0), SCHEMA, documents.beside(0))
    assert documents.heard(first, no_findings()).num_rows == 0
