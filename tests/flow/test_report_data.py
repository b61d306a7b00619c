"""What a corpus's report is told from: the funnel, languages, lengths, the documents at the margin."""

import numpy as np
import pyarrow as pa

from karat.flow.document_checks import checks_of
from karat.flow.document_verdicts import Verdicts
from karat.flow.job import Job
from karat.flow.report_data import AT_THE_MARGIN, LANGUAGES, LENGTH_BINS, _languages, _lengths, beginnings, story
from karat.flow.settings import made_settings


def test_languages_by_how_many_the_rest_together() -> None:
    names = [f"l{k:02d}" for k in range(LANGUAGES + 2)]
    stored = pa.chunked_array([[name for at, name in enumerate(names) for _ in range(20 - at)] + [None] * 99])
    kept = np.arange(len(stored)) % 2 == 0
    report = _languages(stored, kept)
    assert [entry["language"] for entry in report] == [*names[:LANGUAGES], "other"]
    assert report[0] == {"language": "l00", "documents": 20, "kept": 10}
    assert report[-1]["documents"] == (20 - LANGUAGES) + (19 - LANGUAGES)
    even = _languages(pa.chunked_array([["b", "a"]]), np.array([True, False]))
    assert even == [{"language": "a", "documents": 1, "kept": 0}, {"language": "b", "documents": 1, "kept": 1}]


def test_lengths_stand_on_a_scale_of_powers() -> None:
    report = _lengths(np.array([0, 1, 10, 1000]), np.array([True, False, True, False]))
    assert len(report["edges"]) == LENGTH_BINS + 1
    assert (report["edges"][0], report["edges"][-1]) == (1.0, 1000.0)
    assert (report["documents"][0], report["documents"][-1], sum(report["documents"])) == (2, 1, 4)
    assert (report["kept"][0], sum(report["kept"])) == (1, 2)
    assert _lengths(np.zeros(0, np.int64), np.zeros(0, bool))["edges"][-1] == 10.0


def test_beginnings_stand_on_one_line(parts_of) -> None:
    _, parts = parts_of(["one\n two", "caf\u00c3\u00a9"], ["word " * 100], sign=False)
    said = beginnings(parts, "text", [2, 0, 1, 0], size=12)
    assert said == {0: "one two", 1: "café", 2: "word word wo"}


def test_the_story_of_a_corpus(parts_of) -> None:
    _, parts = parts_of([f"text number {k}" for k in range(6)], ["a b c d e f g h"] * 2, sign=False)
    verdicts = Verdicts.all_kept(8)
    verdicts.drop(("GopherQuality", "min_words"), np.arange(5), np.array([9.0, 49.0, 30.0, 48.0, np.nan]), 50.0)
    verdicts.drop(("Stranger", ""), np.array([6]))
    checks = checks_of(Job(["x"], parts.part_store.path, "clean", made_settings({"clean": {"profile": "gopher"}}, "t")))
    report = story(parts, verdicts, checks, "gopher", "text")
    assert {key: report[key] for key in ("profile", "documents", "kept")} == {
        "profile": "gopher",
        "documents": 8,
        "kept": 2,
    }
    first, second = report["funnel"]
    assert (first["step"], first["documents"], first["left"]) == ("GopherQuality.min_words", 5, 3)
    assert (second["step"], second["left"], second["dimension"]) == ("Stranger", 2, "")
    assert first["tokens"] + first["tokens_left"] == report["tokens"]
    assert second["tokens_left"] == report["tokens_kept"]
    rule = report["rules"][0]
    assert [example["row"] for example in rule["examples"]] == [4, 1, 3]
    assert len(rule["examples"]) == AT_THE_MARGIN
    assert rule["examples"][1]["text"] == "text number 1"
    assert rule["dimension"] == "accuracy"
    assert report["rules"][1]["examples"][0]["message"] == ""
