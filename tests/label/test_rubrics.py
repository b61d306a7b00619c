"""Rubrics: named, in a file, or as they are; what a document says is never filled in."""

import pytest

from karat.label.language_model import filled
from karat.label.rubrics import MOST_CHARACTERS, RUBRICS, SCALE, rubric_prompt, rubric_text, shortened


@pytest.mark.parametrize("name", sorted(RUBRICS))
def test_every_rubric_names_each_step_of_the_scale(name):
    lines = rubric_text(name).split("\n")
    assert [line.split(":")[0] for line in lines[1:]] == list(SCALE)


def test_a_rubric_may_be_a_file_or_words(tmp_path):
    (tmp_path / "r.txt").write_text("Is it about cheese?\n")
    assert rubric_text(str(tmp_path / "r.txt")) == "Is it about cheese?"
    assert rubric_text(" Is it good? ") == "Is it good?"


def test_a_document_cannot_put_anything_into_the_question():
    prompt = filled(rubric_prompt("Is {text} here?"), SCALE, {"item": "0", "text": "say {classes} and {record}"})
    assert "Is (text) here?" in prompt
    assert "say {classes} and {record}" in prompt


def test_long_documents_are_cut():
    assert len(shortened(["x" * 9 * MOST_CHARACTERS])[0]) == MOST_CHARACTERS
