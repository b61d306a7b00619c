"""What stands in for data."""

import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.flow.job import Job, input_hash, is_named
from karat.flow.settings import made_settings


@pytest.mark.parametrize("odd", [None, 5, object()])
def test_what_is_no_data_is_refused_in_words(odd):
    with pytest.raises(InputError, match="data is of type"):
        input_hash(odd)


def test_equal_tables_have_equal_hashes():
    assert input_hash(pa.table({"x": [1, 2]})) == input_hash(pa.table({"x": [1, 2]}))
    assert input_hash(pa.table({"x": [1, 2]})) != input_hash(pa.table({"x": [2, 1]}))


def test_an_empty_folder_is_told_as_one(tmp_path):
    with pytest.raises(InputError, match="is an empty folder"):
        input_hash(tmp_path)


def test_data_is_named_by_a_path_or_a_table():
    assert is_named("a.csv")
    assert is_named(pa.table({"x": []}))
    assert not is_named("")
    assert not is_named(None)


def test_a_file_that_a_parameter_names_is_part_of_the_question(tmp_path):
    tests = tmp_path / "tests.jsonl"
    settings = made_settings({"quality": {"TestSetTexts": {"files": [str(tests)]}}}, "the test")
    prints = []
    for text in ("a", "b", "b"):
        tests.write_text(text)
        prints.append(Job(pa.table({"text": ["x"]}), tmp_path / "run", "clean", settings).fingerprint())
    assert prints[0] != prints[1] == prints[2]
