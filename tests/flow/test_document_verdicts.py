"""The first step that drops a document has the last word; what the guard stops is given back."""

import numpy as np
import pyarrow as pa
import pytest

from karat.flow.document_verdicts import KEPT, LENGTH, STRATA, Verdicts, leaving_nothing, strata
from karat.quality.accuracy.gopher_quality import GopherQuality
from karat.quality.completeness.fineweb_quality import FinewebQuality

A, B, C = ("A", "min"), ("A", "max"), ("B", "")


def rows(*at: int) -> np.ndarray:
    return np.array(at, np.int64)


@pytest.fixture
def verdicts() -> Verdicts:
    verdicts = Verdicts.all_kept(6)
    verdicts.drop(A, rows(1, 3), np.array([0.1, 0.3]), 0.5)
    verdicts.drop(C, rows(1, 2), 0.9, np.array([0.7, 0.8]), rows(0, 5))
    verdicts.drop(B, rows(4))
    return verdicts


def test_the_first_step_has_the_last_word(verdicts: Verdicts) -> None:
    assert verdicts.steps == [A, C, B]
    assert verdicts.step.tolist() == [KEPT, 0, 1, 0, 2, KEPT]
    assert verdicts.kept.tolist() == [True, False, False, False, False, True]
    assert verdicts.measure[[1, 2, 3]].tolist() == [0.1, 0.9, 0.3]
    assert verdicts.limit[[1, 2, 3]].tolist() == [0.5, 0.8, 0.5]
    assert verdicts.keeper.tolist() == [-1, -1, 5, -1, -1, -1]
    assert np.isnan(verdicts.measure[[0, 4, 5]]).all()


def test_documents_by_check_and_by_limit(verdicts: Verdicts) -> None:
    assert verdicts.rows_of("A").tolist() == [1, 3, 4]
    assert verdicts.rows_at(A).tolist() == [1, 3]
    assert verdicts.rows_at(B).tolist() == [4]
    assert verdicts.rows_of("Z").tolist() == []
    assert verdicts.counts() == {A: 2, C: 1, B: 1}
    assert verdicts.codes(rows(3, 2, 4)).to_pylist() == ["A", "B", "A"]


def test_a_step_that_dropped_nothing_is_not_counted(verdicts: Verdicts) -> None:
    verdicts.drop(("Z", ""), rows(1, 2))
    assert ("Z", "") not in verdicts.steps
    assert Verdicts.all_kept(0).counts() == {}


def test_what_was_stopped_is_given_back_and_remembered(verdicts: Verdicts) -> None:
    before = verdicts.of_check("A")
    verdicts.give_back("A")
    assert verdicts.kept.tolist() == [True, True, False, True, True, True]
    assert np.isnan(verdicts.measure[[1, 3, 4]]).all()
    after = verdicts.of_check("A")
    assert after.rows.tolist() == before.rows.tolist() == [1, 3, 4]
    assert after.measure[:2].tolist() == [0.1, 0.3]
    assert after.between(1, 3).rows.tolist() == [1]
    assert after.between(3, 5).rows.tolist() == [3, 4]
    assert verdicts.counts() == {C: 1}
    verdicts.give_back("Z")
    assert set(verdicts.stopped) == {"A"}


def test_no_step_drops_what_a_person_has_settled_or_spared() -> None:
    verdicts = Verdicts.all_kept(4)
    verdicts.settled, verdicts.spared = rows(0), {"A": rows(1)}
    assert verdicts.in_reach("A", rows(0, 1, 2)).tolist() == [False, False, True]
    assert verdicts.in_reach("B", rows(0, 1, 2)).tolist() == [False, True, True]
    verdicts.drop(A, rows(0, 1, 2))
    verdicts.drop(C, rows(0, 1, 3))
    assert verdicts.step.tolist() == [KEPT, 1, 0, 1]


def test_strata_name_sources_languages_classes_and_lengths() -> None:
    facts = pa.table(
        {
            "characters": [0, 49, 50, 99_999, 100_000],
            "source": ["a", None, "a", "b", "b"],
            "language": ["en"] * 5,
            "class": pa.nulls(5, pa.string()),
        }
    )
    coded = strata(facts)
    assert set(coded) == set(STRATA)
    assert coded["source"][0].tolist() == [0, -1, 0, 1, 1]
    assert coded["class"][0].tolist() == [-1] * 5
    codes, names = coded[LENGTH]
    assert [names[code] for code in codes] == [
        "0 to 49 characters",
        "0 to 49 characters",
        "50 to 199 characters",
        "20,000 to 99,999 characters",
        "100,000 characters and more",
    ]


def test_checks_that_would_leave_hardly_a_document_are_stopped_also_where_they_were_named() -> None:
    checks = [GopherQuality(), FinewebQuality()]
    verdicts = Verdicts.all_kept(100)
    verdicts.drop(("GopherQuality", "min_words"), np.arange(60))
    verdicts.drop(("FinewebQuality", "min_line_ends"), np.arange(60, 95))
    assert leaving_nothing(verdicts, checks, ()) == []  # five of a hundred stay
    verdicts.drop(("FinewebQuality", "min_line_ends"), np.arange(95, 96))
    first, second = leaving_nothing(verdicts, checks, ())
    assert (first.check, second.check, second.rows) == ("GopherQuality", "FinewebQuality", (60, 61, 62))
    assert "leave 4 of 100 records" in first.line
    assert [stop.check for stop in leaving_nothing(verdicts, checks, ["GopherQuality"])] == ["FinewebQuality"]
    assert leaving_nothing(verdicts, checks, ["all"]) == []
    few = Verdicts.all_kept(19)
    few.drop(("GopherQuality", "min_words"), np.arange(19))
    assert leaving_nothing(few, checks, ()) == []
