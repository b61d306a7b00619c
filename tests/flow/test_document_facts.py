"""What is measured of documents and mended in them, one part alone."""

import pyarrow as pa
import pytest

from karat.flow.document_facts import measure

MAIL = "write to wei@example.org now"


@pytest.fixture
def measured(parts_of):
    def of(records, **clean):
        plan, _ = parts_of(records, sign=False, **clean)
        names = dict.fromkeys(name for record in records for name in record)
        cells = {name: pa.array([record.get(name) for record in records], pa.string()) for name in names}
        return measure(pa.table(cells), plan)

    return of


def test_lengths_sources_and_classes(measured) -> None:
    records = [
        {"text": "four", "url": "https://a.org/x", "label": "p", "date": "2024-01-02"},
        {"text": " \n", "url": None, "label": None, "date": "soon"},
        {"text": None, "url": "http://[", "label": "q", "date": None},
    ]
    facts = measured(records).facts
    assert facts["characters"].to_pylist() == [4, 0, 0]
    assert facts["source"].to_pylist() == ["a.org", None, None]
    assert facts["class"].to_pylist() == ["p", None, "q"]
    assert facts["language"].null_count == 3
    assert "second_language" not in facts.column_names


def test_a_named_source_is_taken_as_it_stands(measured) -> None:
    assert measured([{"text": "a", "site": "https://a.org", "url": "http://b"}]).facts["source"].to_pylist() == [
        "https://a.org"
    ]


def test_only_what_was_mended_has_a_refined_text(measured) -> None:
    done = measured([{"text": "plain"}, {"text": "caf\u00c3\u00a9"}, {"text": None}])
    assert done.refined.to_pylist() == [None, "café", None]
    assert done.table["text"].to_pylist() == ["plain", "caf\u00c3\u00a9", None]
    assert done.edits["row"].to_pylist() == [1]
    assert done.originals.num_rows == 0
    assert measured([{"text": "caf\u00c3\u00a9"}], repair_unicode=False).refined.to_pylist() == [None]


def test_masked_data_stands_in_the_originals_alone(measured) -> None:
    done = measured([{"text": MAIL + "\u200b"}, {"text": "plain"}])
    assert "wei@" not in str(done.table.to_pydict()) + str(done.refined.to_pylist()) + str(done.edits.to_pydict())
    assert done.originals["original"].to_pylist() == [MAIL + "\u200b"]
    assert set(done.edits["check"].to_pylist()) == {"BrokenCharacters", "PersonalData"}
    assert done.edits["before"].null_count == done.edits.num_rows
    kept = measured([{"text": MAIL}], personal_data="keep")
    assert kept.table["text"].to_pylist() == [MAIL]
    assert (kept.originals.num_rows, kept.edits.num_rows) == (0, 0)
