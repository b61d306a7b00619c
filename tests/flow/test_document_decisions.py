"""The guard holds documents to the same limits as tables: what would remove too much stops, and needs review."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from karat.flow.job import Job
from karat.flow.run import walk
from karat.flow.settings import made_settings

WORDS = {
    "de": [
        "der",
        "die",
        "und",
        "in",
        "den",
        "von",
        "zu",
        "das",
        "mit",
        "sich",
        "des",
        "auf",
        "für",
        "ist",
        "im",
        "dem",
        "nicht",
        "ein",
        "eine",
        "als",
        "auch",
        "es",
        "an",
        "werden",
    ],
    "es": [
        "de",
        "la",
        "que",
        "el",
        "en",
        "y",
        "a",
        "los",
        "se",
        "del",
        "las",
        "un",
        "por",
        "con",
        "no",
        "una",
        "su",
        "para",
        "es",
        "al",
        "lo",
        "como",
        "más",
        "pero",
        "sus",
        "le",
        "ya",
        "o",
    ],
    "en": [
        "the",
        "of",
        "and",
        "to",
        "a",
        "in",
        "that",
        "is",
        "was",
        "he",
        "for",
        "it",
        "with",
        "as",
        "his",
        "on",
        "be",
        "at",
        "by",
        "had",
    ],
}


def texts(language, size, seed=0):
    chance = np.random.default_rng(seed)
    made = []
    for _ in range(size):
        sentences = []
        for length in chance.integers(5, 9, 14):
            rare = ["".join(chance.choice(list("abdeghilmnorstu"), 7)) for _ in range(length)]
            pairs = zip(chance.choice(WORDS[language], length), rare, strict=True)
            sentences.append(" ".join(word for pair in pairs for word in pair).capitalize() + ".")
        made.append(" ".join(sentences))
    return made


def cleaned(tmp_path, documents, **clean):
    path = tmp_path / "texts.jsonl"
    path.write_text("".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in documents))
    clean = {"identify_languages": False} | clean
    values = {"workers": 1, "collect": {"kind": "corpus"}, "store": {"versions": False}, "clean": clean}
    return walk(Job(path, tmp_path / "out", "clean", made_settings(values, "the test"))).rooms["clean"]


def stopped(summary):
    return [stop["step"] for stop in summary["stopped"]]


def rubbish(size):
    return [f"Home | Page {at} | Log in\n" * 40 for at in range(size)]


@pytest.mark.parametrize("identify", [False, True])
@pytest.mark.parametrize("languages", [["de"], ["de", "es"]])
def test_texts_in_any_language_stay(languages, identify, tmp_path):
    documents = [text for language in languages for text in texts(language, 200 // len(languages))]
    summary = cleaned(tmp_path, documents, identify_languages=identify)
    assert summary["kept"] == 200
    assert (stopped(summary), summary["waiting"]) == ([], 0)


def test_a_step_that_would_take_all_is_stopped_and_needs_review(tmp_path):
    summary = cleaned(tmp_path, rubbish(40))
    assert (summary["kept"], summary["removed"], summary["waiting"]) == (40, {}, 40)
    assert stopped(summary) == ["WorthlessTexts"]
    assert "of 40 records" in summary["stopped"][0]["reason"]
    cases = pq.read_table(tmp_path / "out" / "review.parquet").to_pylist()
    assert [case["row"] for case in cases] == list(range(40))
    assert {(case["action"], case["check"]) for case in cases} == {("drop", "WorthlessTexts")}
    assert all(case["message"] for case in cases)


def test_a_document_that_one_sign_speaks_against_stays_and_needs_review(tmp_path):
    good = texts("en", 60)
    once_more = "The old house at the end of our lane has been empty for years, and nobody knows who owns it now. "
    summary = cleaned(tmp_path, [*good, once_more * 6])
    assert (summary["kept"], summary["waiting"], stopped(summary)) == (61, 1, [])
    (case,) = pq.read_table(tmp_path / "out" / "review.parquet").to_pylist()
    assert (case["row"], case["check"], case["action"]) == (60, "WorthlessTexts", "drop")
    assert "repeated" in case["message"]


def test_a_stopped_step_may_be_allowed_and_a_limit_may_be_set(tmp_path):
    documents = texts("en", 90) + rubbish(10)
    (step,) = stopped(cleaned(tmp_path, documents))
    assert cleaned(tmp_path, documents, allow=[step])["removed"] == {step: 10}
    assert cleaned(tmp_path, documents, max_removed=0.1)["kept"] == 90
    assert stopped(cleaned(tmp_path, documents, max_removed=0.09)) == [step]


def test_a_twentieth_may_go_unasked(tmp_path):
    summary = cleaned(tmp_path, texts("en", 95) + rubbish(5))
    assert summary["kept"] == 95
    assert stopped(summary) == []


def test_a_profile_that_the_user_named_may_take_what_it_likes_but_not_all(tmp_path):
    assert cleaned(tmp_path, texts("de", 36) + texts("en", 4), profile="gopher")["kept"] == 4
    all_of_them = cleaned(tmp_path, texts("de", 40), profile="gopher")
    assert all_of_them["kept"] == 40
    assert stopped(all_of_them) == ["GopherQuality"]
    assert "leave 0 of 40 records" in all_of_them["stopped"][0]["reason"]


def test_a_named_profile_is_still_stopped_where_one_language_alone_would_go(tmp_path):
    pytest.importorskip("py3langid")
    summary = cleaned(tmp_path, texts("en", 60) + texts("de", 40), profile="gopher", identify_languages=True)
    assert summary["kept"] == 100
    assert "language = 'de'" in summary["stopped"][0]["reason"]


def test_equal_texts_may_go_and_many_near_copies_need_review(tmp_path):
    good = texts("en", 60)
    equal = cleaned(tmp_path, good + good[:20])
    assert equal["removed"] == {"DuplicateTexts": 20}
    near = cleaned(tmp_path, good + [f"{text} Added later." for text in good[:20]])
    assert stopped(near) == ["NearDuplicateTexts"]
    assert near["kept"] == 80
    cases = pq.read_table(tmp_path / "out" / "review.parquet").to_pylist()
    assert [(case["row"], case["value"]) for case in cases] == [(60 + at, str(at)) for at in range(20)]
    found = pq.read_table(tmp_path / "out" / "findings.parquet").to_pylist()
    assert {f["row"]: f["keeper"] for f in found if f["check"] == "NearDuplicateTexts"} == {
        60 + at: at for at in range(20)
    }
