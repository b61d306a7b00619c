"""Copies go and the first one stays, across parts; documents that are only alike go from a likeness on."""

import pytest

from karat.flow.document_duplicates import DocumentDuplicates
from karat.flow.document_verdicts import Verdicts

WORDS = [f"word{k}" for k in range(60)]
LONG = " ".join(WORDS)
NEAR = " ".join([*WORDS[:-1], "other"])
FAR = " ".join(f"else{k}" for k in range(60))


@pytest.fixture
def search(parts_of):
    def over(*files, workers=1):
        _, parts = parts_of(*files)
        verdicts = Verdicts.all_kept(parts.documents)
        return DocumentDuplicates(parts, "text", verdicts, workers), verdicts

    return over


def test_a_copy_goes_for_the_first_that_equals_it(search) -> None:
    finding, verdicts = search([LONG, FAR], [LONG, LONG + ".", FAR])
    finding.find(0)
    assert verdicts.kept.tolist() == [True, True, False, True, False]
    assert verdicts.keeper.tolist() == [-1, -1, 0, -1, 1]
    assert verdicts.counts() == {("DuplicateTexts", ""): 2}


def test_what_went_before_keeps_nobody(search) -> None:
    finding, verdicts = search([LONG, LONG, LONG])
    verdicts.step[0] = 7
    finding.find(0)
    assert verdicts.kept.tolist() == [False, True, False]
    assert verdicts.keeper[2] == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_documents_that_are_alike_enough_go_too(search, workers: int) -> None:
    finding, verdicts = search([LONG], [FAR, NEAR], workers=workers)
    finding.find(0.8)
    assert verdicts.kept.tolist() == [True, True, False]
    assert verdicts.keeper[2] == 0
    assert 0.8 <= verdicts.measure[2] < 1
    assert verdicts.limit[2] == 0.8
    assert verdicts.counts() == {("NearDuplicateTexts", "min_jaccard"): 1}


def test_above_its_likeness_a_document_stays(search) -> None:
    finding, verdicts = search([LONG, NEAR])
    finding.find(0.99)
    assert verdicts.kept.all()


def test_equal_ones_are_left_to_the_likeness_where_they_are_not_asked_for(search) -> None:
    finding, verdicts = search([LONG, LONG])
    finding.find(0, exact=False)
    assert verdicts.kept.all()
    finding.find(0.8, exact=False)
    assert verdicts.counts() == {("NearDuplicateTexts", "min_jaccard"): 1}
    assert verdicts.measure[1] == 1


def test_texts_come_in_the_order_asked_for(search) -> None:
    import numpy as np

    finding, _ = search(["a", "b"], ["c"])
    assert finding.texts(np.array([2, 0, 1])).to_pylist() == ["c", "a", "b"]
    assert finding.texts(np.array([0, 2])).to_pylist() == ["a", "c"]
    assert finding.texts(np.zeros(0, np.int64)).to_pylist() == []
