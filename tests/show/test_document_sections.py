"""The report of a corpus, from the small files of its run."""

import json

import pytest

from karat.show.document_sections import lengths
from karat.show.report import write_report
from karat.show.run_files import Facts
from karat.show.sweep import picture


@pytest.fixture
def run(tmp_path):
    story = {
        "profile": "karat",
        "documents": 10,
        "kept": 7,
        "tokens": 1000,
        "tokens_kept": 900,
        "funnel": [
            {
                "step": "DuplicateTexts",
                "dimension": "consistency",
                "documents": 3,
                "tokens": 100,
                "left": 7,
                "tokens_left": 900,
            }
        ],
        "languages": [{"language": "zh", "documents": 6, "kept": 5}, {"language": "en", "documents": 4, "kept": 2}],
        "lengths": {"edges": [1.0, 10.0, 100.0], "documents": [4, 6], "kept": [1, 6]},
        "rules": [
            {
                "step": "DuplicateTexts",
                "dimension": "consistency",
                "source": "",
                "documents": 3,
                "examples": [
                    {
                        "row": 4,
                        "text": "<script>alert(1)</script> 写信到 mara@posteo.example",
                        "message": "equal to row 1",
                    }
                ],
            }
        ],
    }
    (tmp_path / "corpus.json").write_text(json.dumps(story))
    (tmp_path / "schema.json").write_text(json.dumps({"kind": "text", "task": "", "columns": []}))
    (tmp_path / "accounting.json").write_text(
        json.dumps({"in": 11, "kept": 7, "removed": {"DuplicateTexts": 3}, "quarantined": 1})
    )
    (tmp_path / "run.json").write_text(
        json.dumps(
            {
                "name": "crawl",
                "now": "2024-05-01T00:00:00",
                "fingerprint": "f" * 20,
                "versions": {"karat": "1"},
                "cost": {"seconds": 1.0, "peak_memory_bytes": 1048576},
                "rooms": {"clean": {"cells": 2, "findings": 3}},
            }
        )
    )
    return tmp_path


def test_the_page_tells_funnel_languages_and_examples_and_runs_no_content(run):
    assert Facts.of(run).of_documents
    write_report(run)
    page = (run / "report.html").read_text()
    assert "Duplicate texts" in page
    assert "zh" in page
    assert page.count("<script>") == 1, "the page's own"
    assert "mara@posteo.example" not in page
    assert "equal to row 1" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_the_summary_for_a_pull_request_is_short_and_balances(run):
    write_report(run)
    lines = (run / "report.md").read_text().splitlines()
    assert len(lines) <= 10
    assert "11 in = 7 kept + 3 removed + 1 quarantined" in "\n".join(lines)


def test_what_was_proved_and_what_the_guard_stopped_is_told(run):
    about = json.loads((run / "run.json").read_text())
    about["rooms"]["clean"]["stopped"] = [{"line": "NearDuplicateTexts would remove 20 of 80 records"}]
    (run / "run.json").write_text(json.dumps(about))
    ends = {"value": 2.0, "low": 1.9, "high": 2.1}
    lift = {"metric": "BitsPerByte", "verdict": "worth it", "lift": 0.1, "low": 0.05, "high": 0.15}
    (run / "lift.json").write_text(json.dumps(lift | {"raw": ends, "plain": ends, "refined": ends, "placebo": None}))
    write_report(run)
    page = (run / "report.html").read_text()
    assert "NearDuplicateTexts would remove 20 of 80 records" in page
    assert "larger than chance" in page
    assert "BitsPerByte" in page


def test_bars_of_lengths_stand_for_counts():
    drawn = lengths({"edges": [1.0, 10.0, 100.0], "documents": [4, 8], "kept": [0, 8]})
    assert drawn.count("<rect") == 3


def test_a_sweep_is_drawn_with_the_limit_in_force():
    from karat.flow.limit_sweep import Point

    drawn = picture("a<b", [Point(1.0, 1, 10, 0.5, now=False), Point(2.0, 2, 20, 1.0, now=True)])
    assert drawn.count("<polyline") == 2
    assert "a&lt;b" in drawn
    assert "stroke-dasharray" in drawn
