"""What stands in for data."""

import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.flow.job import input_hash, is_named


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
