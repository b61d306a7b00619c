"""The user's own texts: test sets that documents may not hold, and examples of good and bad."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.flow.example_texts import OVERLAP, QUALITY, TEST_ROW, read_texts, scored

TESTS = [
    " ".join(f"alpha{k} beta{k}" for k in range(30)),
    " ".join(f"gamma{k} delta{k}" for k in range(30)),
]


def file_of(path: Path, texts: list[str]) -> str:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return str(path)


def test_all_texts_of_all_files_in_order(tmp_path: Path) -> None:
    first, second = file_of(tmp_path / "a.jsonl", ["x", "y"]), file_of(tmp_path / "b.jsonl", ["z"])
    texts = read_texts([first, second])
    assert texts.type == pa.large_string()
    assert texts.to_pylist() == ["x", "y", "z"]
    with pytest.raises(InputError, match="hold no texts"):
        read_texts([])


def test_without_files_nothing_is_said() -> None:
    assert scored(pa.array(["x"]), {"test_sets": [], "good": "", "bad": "", "quality_model": ""}) == {}


def test_a_document_that_holds_a_test_text_is_found_with_its_row(tmp_path: Path) -> None:
    tests = file_of(tmp_path / "t.jsonl", TESTS)
    documents = pa.array(["nothing of it", f"Before. {TESTS[1]} After.", TESTS[0]])
    said = scored(documents, {"test_sets": [tests], "good": "", "bad": "", "quality_model": ""})
    assert set(said) == {OVERLAP, TEST_ROW}
    assert said[OVERLAP][0] == 0
    assert said[TEST_ROW].tolist() == [-1, 1, 0]
    assert (said[OVERLAP][1:] > 0.8).all()


def test_of_two_test_texts_the_wider_overlap_counts(tmp_path: Path) -> None:
    tests = file_of(tmp_path / "w.jsonl", TESTS)
    words = TESTS[0].split()
    said = scored(
        pa.array([f"{' '.join(words[:40])} {TESTS[1]}"]),
        {"test_sets": [tests], "good": "", "bad": "", "quality_model": ""},
    )
    assert said[TEST_ROW].tolist() == [1]


def test_documents_like_the_good_examples_score_higher(tmp_path: Path) -> None:
    good = file_of(
        tmp_path / "g.jsonl", [f"The river ran quietly past village {k} and the people slept." for k in range(60)]
    )
    bad = file_of(tmp_path / "b.jsonl", [f"BUY NOW click here cheap pills offer {k} !!!" for k in range(60)])
    said = scored(
        pa.array(["The people slept past the quiet river.", "cheap offer click BUY !!!"]),
        {"test_sets": [], "good": good, "bad": bad, "quality_model": ""},
    )
    better, worse = said[QUALITY].tolist()
    assert better > worse + 0.3
